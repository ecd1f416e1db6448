// Made from the API's OpenAPI document: npm run generate --workspace client
export interface paths {
    "/v1/domains": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the push domains, by name.
         * @description The token needs the scope `read`.
         */
        get: operations["listDomains"];
        put?: never;
        /**
         * Add a push domain. The answer is the only one that shows its secret.
         * @description The token needs the scope `write`.
         */
        post: operations["createDomain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/domains/{domain}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get one push domain.
         * @description The token needs the scope `read`.
         */
        get: operations["getDomain"];
        /**
         * Replace a push domain. Its secret stays unless another one is given.
         * @description The token needs the scope `write`.
         */
        put: operations["replaceDomain"];
        post?: never;
        /**
         * Delete a push domain that no rule is bound to.
         * @description The token needs the scope `write`.
         */
        delete: operations["deleteDomain"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/domains/{domain}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give a push domain another secret, which only this answer shows. The one before is void at once.
         * @description The token needs the scope `write`.
         */
        post: operations["rotateDomainSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/storages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the storages, by name.
         * @description The token needs the scope `read`.
         */
        get: operations["listStorages"];
        put?: never;
        /**
         * Add a storage, after having tried on it all that recording needs.
         * @description The token needs the scope `write`.
         */
        post: operations["createStorage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/storages/{storageId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get one storage.
         * @description The token needs the scope `read`.
         */
        get: operations["getStorage"];
        /**
         * Replace a storage, after having tried the new one. Bucket and region stay while templates record to it.
         * @description The token needs the scope `write`.
         */
        put: operations["replaceStorage"];
        post?: never;
        /**
         * Forget a storage that no template records to. Its objects stay.
         * @description The token needs the scope `write`.
         */
        delete: operations["deleteStorage"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/storages/{storageId}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try again on a storage all that recording needs.
         * @description The token needs the scope `write`.
         */
        post: operations["checkStorage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the recording templates, by name.
         * @description The token needs the scope `read`.
         */
        get: operations["listTemplates"];
        put?: never;
        /**
         * Add a recording template.
         * @description The token needs the scope `write`.
         */
        post: operations["createTemplate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/templates/{templateId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get one recording template.
         * @description The token needs the scope `read`.
         */
        get: operations["getTemplate"];
        /**
         * Replace a recording template. It counts from the next session on.
         * @description The token needs the scope `write`.
         */
        put: operations["replaceTemplate"];
        post?: never;
        /**
         * Delete a recording template that no rule and no pending task uses.
         * @description The token needs the scope `write`.
         */
        delete: operations["deleteTemplate"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/watermarks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the watermarks, by name.
         * @description The token needs the scope `read`.
         */
        get: operations["listWatermarks"];
        put?: never;
        /**
         * Add a watermark, with its images.
         * @description The token needs the scope `write`.
         */
        post: operations["createWatermark"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/watermarks/{watermarkId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get one watermark, with the templates that use it.
         * @description The token needs the scope `read`.
         */
        get: operations["getWatermark"];
        /**
         * Replace a watermark. Images that it has already need not be sent again: name their `sha256`.
         * @description The token needs the scope `write`.
         */
        put: operations["replaceWatermark"];
        post?: never;
        /**
         * Delete a watermark. Templates that use it record without it from then on, and say so.
         * @description The token needs the scope `write`.
         */
        delete: operations["deleteWatermark"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/transcodes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the transcode templates, by name.
         * @description The token needs the scope `read`.
         */
        get: operations["listTranscodes"];
        put?: never;
        /**
         * Add a transcode template.
         * @description The token needs the scope `write`.
         */
        post: operations["createTranscode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/transcodes/{transcodeId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get one transcode template, with the templates that use it.
         * @description The token needs the scope `read`.
         */
        get: operations["getTranscode"];
        /**
         * Replace a transcode template. It counts for recordings that begin from now on.
         * @description The token needs the scope `write`.
         */
        put: operations["replaceTranscode"];
        post?: never;
        /**
         * Delete a transcode template. Templates that use it record without it from then on, and say so.
         * @description The token needs the scope `write`.
         */
        delete: operations["deleteTranscode"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/standbys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List standby content, by name.
         * @description The token needs the scope `read`.
         */
        get: operations["listStandbys"];
        put?: never;
        /**
         * Add standby content: an image, or a short video.
         * @description The token needs the scope `write`.
         */
        post: operations["createStandby"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/standbys/{standbyId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get standby content, with the domains that name it.
         * @description The token needs the scope `read`.
         */
        get: operations["getStandby"];
        /**
         * Replace standby content. Its file need not be sent again: name its `sha256`. It counts from the next session on.
         * @description The token needs the scope `write`.
         */
        put: operations["replaceStandby"];
        post?: never;
        /**
         * Delete standby content that no domain names.
         * @description The token needs the scope `write`.
         */
        delete: operations["deleteStandby"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orchestrations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the orchestrations, by name.
         * @description The token needs the scope `read`.
         */
        get: operations["listOrchestrations"];
        put?: never;
        /**
         * Add an orchestration: steps that files go through when they are ready.
         * @description The token needs the scope `write`.
         */
        post: operations["createOrchestration"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orchestrations/{orchestrationId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get one orchestration.
         * @description The token needs the scope `read`.
         */
        get: operations["getOrchestration"];
        /**
         * Replace an orchestration. Runs that have begun go on as they began.
         * @description The token needs the scope `write`.
         */
        put: operations["replaceOrchestration"];
        post?: never;
        /**
         * Delete an orchestration that no template uses.
         * @description The token needs the scope `write`.
         */
        delete: operations["deleteOrchestration"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the rules, by domain, app and stream: all, of a domain, of an app, or of a template.
         * @description The token needs the scope `read`.
         */
        get: operations["listRules"];
        put?: never;
        /**
         * Bind a template to a domain, to one of its apps, or to one stream.
         * @description The token needs the scope `write`.
         */
        post: operations["createRule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rules/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Bind a template to several domains, to the same app or stream of each: to all or to none.
         * @description The token needs the scope `write`.
         */
        post: operations["createRules"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rules/match": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell which rule and template would count for a stream that started now, or why it would not be recorded.
         * @description The token needs the scope `read`.
         */
        get: operations["matchRule"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/rules/{ruleId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get one rule.
         * @description The token needs the scope `read`.
         */
        get: operations["getRule"];
        /**
         * Bind another template to what a rule matches. It counts from the next session on.
         * @description The token needs the scope `write`.
         */
        put: operations["rebindRule"];
        post?: never;
        /**
         * Unbind a template. Recordings that run go on.
         * @description The token needs the scope `write`.
         */
        delete: operations["deleteRule"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the tasks, newest start first.
         * @description The token needs the scope `read`.
         */
        get: operations["listTasks"];
        put?: never;
        /**
         * Record a stream from now or a later time on, whether or not a rule records it too.
         * @description The token needs the scope `write`.
         */
        post: operations["createTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tasks/{taskId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get one task.
         * @description The token needs the scope `read`.
         */
        get: operations["getTask"];
        put?: never;
        post?: never;
        /**
         * Remove a task, ending it first if it has not ended. Its recordings stay.
         * @description The token needs the scope `write`.
         */
        delete: operations["deleteTask"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tasks/{taskId}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End a task now, and its recording with it. Nothing happens to one that has ended.
         * @description The token needs the scope `write`.
         */
        post: operations["stopTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/streams": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what is live, newest first: how its recordings are getting on, or why it is not recorded.
         * @description The token needs the scope `read`.
         */
        get: operations["listStreams"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recordings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List recordings, newest first.
         * @description The token needs the scope `read`.
         */
        get: operations["listRecordings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recordings/{recordId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get one recording.
         * @description The token needs the scope `read`.
         */
        get: operations["getRecording"];
        put?: never;
        post?: never;
        /**
         * Delete the record of a recording that has ended; with `objects=true` also what was recorded.
         * @description The token needs the scope `write`.
         */
        delete: operations["deleteRecording"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recordings/{recordId}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End a recording although its stream goes on. Nothing happens to one that has ended.
         * @description The token needs the scope `write`.
         */
        post: operations["stopRecording"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recordings/{recordId}/thumbnails.vtt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** WebVTT of the thumbnails, with signed URLs of their sprites. The link is in the recording. */
        get: operations["getThumbnails"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recordings/{recordId}/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the files of a recording, by beginning.
         * @description The token needs the scope `read`.
         */
        get: operations["listFiles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recordings/{recordId}/files/{fileId}/playlist.m3u8": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Play an HLS file: its playlist, with signed segment URLs. The link is in the list of files. */
        get: operations["getPlaylist"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recordings/{recordId}/post-processing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the runs of orchestrations on a recording, with their steps.
         * @description The token needs the scope `read`.
         */
        get: operations["listPostProcessing"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recordings/{recordId}/post-processing/{runId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get one run of an orchestration.
         * @description The token needs the scope `read`.
         */
        get: operations["getPostProcessing"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recordings/{recordId}/post-processing/{runId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel what has not ended of a run. What has succeeded stays.
         * @description The token needs the scope `write`.
         */
        post: operations["cancelPostProcessing"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recordings/{recordId}/post-processing/{runId}/run-again": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run the steps again that have not succeeded, of a run that has ended.
         * @description The token needs the scope `write`.
         */
        post: operations["runPostProcessingAgain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recordings/{recordId}/post-processing/{runId}/steps/{step}/result": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say how a step is that was handed over, with the token that came with it. */
        post: operations["reportStepResult"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/callbacks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the callbacks, oldest first.
         * @description The token needs the scope `read`.
         */
        get: operations["listCallbacks"];
        put?: never;
        /**
         * Have events sent to a URL. The answer is the only one that shows the secret.
         * @description The token needs the scope `write`.
         */
        post: operations["createCallback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/callbacks/{callbackId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get one callback.
         * @description The token needs the scope `read`.
         */
        get: operations["getCallback"];
        /**
         * Replace a callback. Its secret stays unless another one is given.
         * @description The token needs the scope `write`.
         */
        put: operations["replaceCallback"];
        post?: never;
        /**
         * Delete a callback. What is on its way to it is not sent any more.
         * @description The token needs the scope `write`.
         */
        delete: operations["deleteCallback"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/callbacks/{callbackId}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a new secret, shown this once. The one before signs beside it for 24 hours.
         * @description The token needs the scope `write`.
         */
        post: operations["rotateCallbackSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/callbacks/{callbackId}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a `test` event now, also while the callback is disabled. The delivery tells what came of it.
         * @description The token needs the scope `write`.
         */
        post: operations["testCallback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/callbacks/{callbackId}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the deliveries to a callback in the last 14 days, newest first.
         * @description The token needs the scope `read`.
         */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/callbacks/{callbackId}/deliveries/{deliveryId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get one delivery, with all that was sent and answered.
         * @description The token needs the scope `read`.
         */
        get: operations["getDelivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/callbacks/{callbackId}/deliveries/{deliveryId}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send an event again now, with the same webhook-id and, if need be, as many tries as the first time.
         * @description The token needs the scope `write`.
         */
        post: operations["resendDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the tokens, oldest first. The tokens themselves are not stored and cannot be shown.
         * @description The token needs the scope `read`.
         */
        get: operations["listTokens"];
        put?: never;
        /**
         * Make a token. The answer is the only one that shows it.
         * @description The token needs the scope `write`.
         */
        post: operations["createToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tokens/{tokenId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke a token, at once. The last one that may write stays.
         * @description The token needs the scope `write`.
         */
        delete: operations["revokeToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the OpenAPI 3.1 document of this API. `/v1/docs` shows it to people. */
        get: operations["describeApi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ingest/{adapter}/{domain}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a callback of an ingest server, in the format of that server.
         * @description For ingest servers, not for people. The pages about the servers in `docs/ingest/` say what to configure.
         */
        post: operations["takeIngestCallback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface webhooks {
    "recording.started": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A recorder is connected and the stream is being recorded. */
        post: operations["onRecordingStarted"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "recording.paused": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The stream was interrupted; the recording waits for it until its resumption timeout is over. */
        post: operations["onRecordingPaused"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "recording.resumed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The stream came back in time, and the same recording goes on. */
        post: operations["onRecordingResumed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "recording.ended": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The recording is over and every file of it is closed. */
        post: operations["onRecordingEnded"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "recording.failed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The recording is over, and there is not one file of it. */
        post: operations["onRecordingFailed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "file.ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A file is closed and lies in its bucket, to be played or downloaded. */
        post: operations["onFileReady"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "file.moved": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A file that was ready elsewhere, because its storage did not take it, lies in that storage now. */
        post: operations["onFileMoved"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "post-processing.finished": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Every step of an orchestration has made its output. */
        post: operations["onPostProcessingFinished"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "post-processing.failed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** All that could be made is there; steps of the orchestration have failed. */
        post: operations["onPostProcessingFailed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    test: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sent on demand, to try a target. */
        post: operations["onTest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export interface components {
    schemas: {
        /** @description Problem details (RFC 9457). Some problems have further members. */
        Problem: {
            /** @description What kind of problem it is, for programs. */
            type: string;
            /** @description The kind of problem in words. */
            title: string;
            status: number;
            /** @description What is special about this one. */
            detail?: string;
            /** @description Every bad field. */
            errors?: components["schemas"]["FieldError"][];
            /** @description Of a fault on our side: names it in the logs. */
            requestId?: string;
            /** @description Of something in use: the first of its users. */
            usedBy?: string[];
        } & {
            [key: string]: unknown;
        };
        FieldError: {
            /**
             * @description Where the field was given.
             * @enum {string}
             */
            in: "body" | "query" | "path";
            /** @description Dotted, such as `formats.mp4.maxMinutes`; empty for the whole. */
            field: string;
            /** @description What was given, shortened; absent when nothing was, or when it may be secret. */
            given?: string | number | boolean | null;
            /** @description What is wrong with it, and what is allowed. */
            message: string;
        };
        DomainInput: {
            /** @description A push domain. */
            domain: string;
            /**
             * @description Which ingest server calls, in its own format.
             * @enum {string}
             */
            adapter: "node-media-server" | "nginx-rtmp" | "srs" | "mediamtx" | "webhook" | "ivs";
            source: {
                /** @description Where recorders pull streams from: an rtmp(s), rtsp(s), srt or http(s) URL with the placeholders `{app}` and `{stream}`. */
                url: string;
            };
            /**
             * @description A disabled domain accepts no new pushes.
             * @default true
             */
            enabled?: boolean;
            /**
             * @description The answer to a publish callback waits, for a second at most, until a recorder is connected, so that the recording begins with the very first frame. Only for ingest servers that hold the publisher back until then.
             * @default false
             */
            losslessStart?: boolean;
            /** @description The ingest server's own API, which is asked what is live when callbacks may have been lost. */
            api?: {
                /** Format: uri */
                url: string;
                /** @description Applications of that server that are this domain's; absent: all, unless other domains name the same server. */
                apps?: string[];
            };
            /** @description Standby content of its streams, for templates that record it: without `app` of all, with `app` of those of one app, with `stream` of one stream. The most specific one counts. */
            standbys?: {
                /** @description Name of an app or of a stream, as publishers give it. */
                app?: string;
                /** @description Name of an app or of a stream, as publishers give it. */
                stream?: string;
                standbyId: string;
            }[];
            /** @description What the ingest server proves itself with. Made for you when absent; shown once. */
            secret?: string;
        };
        DomainWithSecret: {
            /** @description A push domain. */
            domain: string;
            /**
             * @description Which ingest server calls, in its own format.
             * @enum {string}
             */
            adapter: "node-media-server" | "nginx-rtmp" | "srs" | "mediamtx" | "webhook" | "ivs";
            source: {
                /** @description Where recorders pull streams from: an rtmp(s), rtsp(s), srt or http(s) URL with the placeholders `{app}` and `{stream}`. */
                url: string;
            };
            /**
             * @description A disabled domain accepts no new pushes.
             * @default true
             */
            enabled: boolean;
            /**
             * @description The answer to a publish callback waits, for a second at most, until a recorder is connected, so that the recording begins with the very first frame. Only for ingest servers that hold the publisher back until then.
             * @default false
             */
            losslessStart: boolean;
            /** @description The ingest server's own API, which is asked what is live when callbacks may have been lost. */
            api?: {
                /** Format: uri */
                url: string;
                /** @description Applications of that server that are this domain's; absent: all, unless other domains name the same server. */
                apps?: string[];
            };
            /** @description Standby content of its streams, for templates that record it: without `app` of all, with `app` of those of one app, with `stream` of one stream. The most specific one counts. */
            standbys?: {
                /** @description Name of an app or of a stream, as publishers give it. */
                app?: string;
                /** @description Name of an app or of a stream, as publishers give it. */
                stream?: string;
                standbyId: string;
            }[];
            /** Format: date-time */
            createdAt: string;
            secret: string;
        };
        Domain: {
            /** @description A push domain. */
            domain: string;
            /**
             * @description Which ingest server calls, in its own format.
             * @enum {string}
             */
            adapter: "node-media-server" | "nginx-rtmp" | "srs" | "mediamtx" | "webhook" | "ivs";
            source: {
                /** @description Where recorders pull streams from: an rtmp(s), rtsp(s), srt or http(s) URL with the placeholders `{app}` and `{stream}`. */
                url: string;
            };
            /**
             * @description A disabled domain accepts no new pushes.
             * @default true
             */
            enabled: boolean;
            /**
             * @description The answer to a publish callback waits, for a second at most, until a recorder is connected, so that the recording begins with the very first frame. Only for ingest servers that hold the publisher back until then.
             * @default false
             */
            losslessStart: boolean;
            /** @description The ingest server's own API, which is asked what is live when callbacks may have been lost. */
            api?: {
                /** Format: uri */
                url: string;
                /** @description Applications of that server that are this domain's; absent: all, unless other domains name the same server. */
                apps?: string[];
            };
            /** @description Standby content of its streams, for templates that record it: without `app` of all, with `app` of those of one app, with `stream` of one stream. The most specific one counts. */
            standbys?: {
                /** @description Name of an app or of a stream, as publishers give it. */
                app?: string;
                /** @description Name of an app or of a stream, as publishers give it. */
                stream?: string;
                standbyId: string;
            }[];
            /** Format: date-time */
            createdAt: string;
        };
        StorageInput: {
            bucket: string;
            region: string;
            /**
             * Format: uri
             * @description Of an S3-compatible store; absent: AWS.
             */
            endpoint?: string;
            /** @description Whether the bucket is part of the path, not of the host name. */
            forcePathStyle?: boolean;
            /** @description Who Streamkeep is to this storage; absent: the roles that it runs with itself. */
            credentials?: components["schemas"]["StorageCredentials"];
            name: string;
            /** @description Whether tasks without a template record to it; one storage at most. When absent, the first storage that is made becomes it, and a changed one stays what it is. */
            default?: boolean;
        };
        StorageCredentials: {
            /** @constant */
            type: "role";
            /** @description Role that is assumed; it must trust Streamkeep's own roles. */
            roleArn: string;
            /** @description What the trust policy of the role asks for. */
            externalId?: string;
        } | {
            /** @constant */
            type: "secret";
            /** @description Name or ARN of a secret in AWS Secrets Manager: JSON with `accessKeyId` and `secretAccessKey`. */
            secretId: string;
        };
        Storage: {
            bucket: string;
            region: string;
            /**
             * Format: uri
             * @description Of an S3-compatible store; absent: AWS.
             */
            endpoint?: string;
            /** @description Whether the bucket is part of the path, not of the host name. */
            forcePathStyle?: boolean;
            /** @description Who Streamkeep is to this storage; absent: the roles that it runs with itself. */
            credentials?: components["schemas"]["StorageCredentials"];
            name: string;
            storageId: string;
            /**
             * Format: date-time
             * @description When all that recording needs was last tried on it with success.
             */
            checkedAt: string;
            /** Format: date-time */
            createdAt: string;
            default: boolean;
        };
        TemplateInput: {
            name: string;
            /** @default  */
            description?: string;
            /**
             * @description What is recorded: the stream as it comes, with a watermark, or transcoded.
             * @default origin
             * @enum {string}
             */
            content?: "origin" | "watermarked" | "transcoded";
            /** @description Without one, `watermarked` content is recorded as it comes. */
            watermarkId?: string;
            /** @description Of `transcoded` content. */
            transcodeId?: string;
            /**
             * @description While the stream is interrupted, the standby content of its domain is recorded.
             * @default false
             */
            recordStandby?: boolean;
            /**
             * @description Of the times in paths: `UTC`, `UTC+8` or an IANA time zone.
             * @default UTC
             */
            timeZone?: string;
            formats: components["schemas"]["FormatsInput"];
            storage: {
                /** @description The storage that is recorded to. */
                primary: string;
                /** @description The storage that is written to while the primary one cannot be; in another region. */
                backup?: string;
            };
            /**
             * @description Where files lie in the bucket; may hold placeholders such as `{StreamID}` and `{StartYear}`.
             * @default {RecordSource}/{Domain}/{AppName}/{StreamID}/{RecordId}/{StartYear}-{StartMonth}-{StartDay}-{StartHour}-{StartMinute}-{StartSecond}
             */
            path?: string;
            /** @description Minutes after which a recording ends although the stream goes on; absent: never. */
            maxDuration?: number;
            /** @description Days after its end that the objects of a recording are kept; absent: for good. */
            retentionDays?: number;
            /** @description Pictures of the stream while it is live, and a strip of them to seek by; absent: none. */
            thumbnails?: components["schemas"]["ThumbnailsInput"];
            /** @description What happens to the files of a format once they are ready. */
            postProcessing?: {
                hls?: {
                    orchestrationId: string;
                };
                mp4?: {
                    orchestrationId: string;
                };
                flv?: {
                    orchestrationId: string;
                };
                aac?: {
                    orchestrationId: string;
                };
            };
        };
        FormatsInput: {
            hls?: {
                /** @description Minutes after which a new playlist begins; absent: one playlist until the stream ends. */
                segmentation?: number;
                /**
                 * @description Wanted length of a segment; each ends at the next key frame.
                 * @default 10
                 */
                segmentSeconds?: number;
                /**
                 * @description Seconds that a recording waits for an interrupted stream to come back.
                 * @default 0
                 */
                resumptionTimeout?: number;
            };
            mp4?: {
                /**
                 * @description Minutes after which a new file begins.
                 * @default 30
                 */
                maxMinutes?: number;
            };
            flv?: {
                /**
                 * @description Minutes after which a new file begins.
                 * @default 30
                 */
                maxMinutes?: number;
            };
            aac?: {
                /**
                 * @description Minutes after which a new file begins.
                 * @default 30
                 */
                maxMinutes?: number;
                /**
                 * @description `audio-only`: an AAC file is made only when the stream carries no video.
                 * @default audio-only
                 * @enum {string}
                 */
                when?: "audio-only" | "always";
            };
        };
        ThumbnailsInput: {
            /**
             * @description Seconds from one thumbnail to the next; each is of the next key frame.
             * @default 10
             */
            intervalSeconds?: number;
            /**
             * @description In pixels; the height follows from it.
             * @default 320
             */
            width?: number;
        };
        Template: {
            name: string;
            /** @default  */
            description: string;
            /**
             * @description What is recorded: the stream as it comes, with a watermark, or transcoded.
             * @default origin
             * @enum {string}
             */
            content: "origin" | "watermarked" | "transcoded";
            /** @description Without one, `watermarked` content is recorded as it comes. */
            watermarkId?: string;
            /** @description Of `transcoded` content. */
            transcodeId?: string;
            /**
             * @description While the stream is interrupted, the standby content of its domain is recorded.
             * @default false
             */
            recordStandby: boolean;
            /**
             * @description Of the times in paths: `UTC`, `UTC+8` or an IANA time zone.
             * @default UTC
             */
            timeZone: string;
            formats: components["schemas"]["Formats"];
            storage: {
                /** @description The storage that is recorded to. */
                primary: string;
                /** @description The storage that is written to while the primary one cannot be; in another region. */
                backup?: string;
            };
            /**
             * @description Where files lie in the bucket; may hold placeholders such as `{StreamID}` and `{StartYear}`.
             * @default {RecordSource}/{Domain}/{AppName}/{StreamID}/{RecordId}/{StartYear}-{StartMonth}-{StartDay}-{StartHour}-{StartMinute}-{StartSecond}
             */
            path: string;
            /** @description Minutes after which a recording ends although the stream goes on; absent: never. */
            maxDuration?: number;
            /** @description Days after its end that the objects of a recording are kept; absent: for good. */
            retentionDays?: number;
            /** @description Pictures of the stream while it is live, and a strip of them to seek by; absent: none. */
            thumbnails?: components["schemas"]["Thumbnails"];
            /** @description What happens to the files of a format once they are ready. */
            postProcessing?: {
                hls?: {
                    orchestrationId: string;
                };
                mp4?: {
                    orchestrationId: string;
                };
                flv?: {
                    orchestrationId: string;
                };
                aac?: {
                    orchestrationId: string;
                };
            };
            templateId: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        Formats: {
            hls?: {
                /** @description Minutes after which a new playlist begins; absent: one playlist until the stream ends. */
                segmentation?: number;
                /**
                 * @description Wanted length of a segment; each ends at the next key frame.
                 * @default 10
                 */
                segmentSeconds: number;
                /**
                 * @description Seconds that a recording waits for an interrupted stream to come back.
                 * @default 0
                 */
                resumptionTimeout: number;
            };
            mp4?: {
                /**
                 * @description Minutes after which a new file begins.
                 * @default 30
                 */
                maxMinutes: number;
            };
            flv?: {
                /**
                 * @description Minutes after which a new file begins.
                 * @default 30
                 */
                maxMinutes: number;
            };
            aac?: {
                /**
                 * @description Minutes after which a new file begins.
                 * @default 30
                 */
                maxMinutes: number;
                /**
                 * @description `audio-only`: an AAC file is made only when the stream carries no video.
                 * @default audio-only
                 * @enum {string}
                 */
                when: "audio-only" | "always";
            };
        };
        Thumbnails: {
            /**
             * @description Seconds from one thumbnail to the next; each is of the next key frame.
             * @default 10
             */
            intervalSeconds: number;
            /**
             * @description In pixels; the height follows from it.
             * @default 320
             */
            width: number;
        };
        WatermarkInput: {
            name: string;
            /** @description From the lowest to the topmost. All data of one request together: at most 5.5 MB. */
            images: components["schemas"]["WatermarkImageInput"][];
        };
        WatermarkImageInput: {
            /** @description In percent of the width of the picture: the left edge of the image. */
            xPercent: number;
            /** @description In percent of the height of the picture: the upper edge of the image. */
            yPercent: number;
            /** @description Width of the image in percent of that of the picture; its height follows. */
            widthPercent: number;
            /**
             * @description 100: nothing shines through.
             * @default 100
             */
            opacityPercent?: number;
            /** @description The PNG or JPEG itself, in base64: at most 2 MiB and 4096×4096 pixels. */
            data?: string;
            /** @description In place of `data`: of the file of an image that this watermark has already. */
            sha256?: string;
        };
        Watermark: {
            watermarkId: string;
            name: string;
            images: components["schemas"]["WatermarkImage"][];
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        WatermarkImage: {
            /** @description In percent of the width of the picture: the left edge of the image. */
            xPercent: number;
            /** @description In percent of the height of the picture: the upper edge of the image. */
            yPercent: number;
            /** @description Width of the image in percent of that of the picture; its height follows. */
            widthPercent: number;
            /**
             * @description 100: nothing shines through.
             * @default 100
             */
            opacityPercent: number;
            /** @description Of the file as it was sent. */
            sha256: string;
            /** @enum {string} */
            contentType: "image/png" | "image/jpeg";
            /** @description In pixels. */
            width: number;
            /** @description In pixels. */
            height: number;
            sizeBytes: number;
            /** @description Shows the image, without further credentials, for an hour. */
            url: string;
        };
        TranscodeInput: {
            name: string;
            /** @description What the picture is encoded as; absent: only the sound is recorded. */
            video?: components["schemas"]["VideoEncodingInput"];
            /**
             * @description What the sound is encoded as.
             * @default {}
             */
            audio?: components["schemas"]["AudioEncodingInput"];
        };
        VideoEncodingInput: {
            /**
             * @default h264
             * @enum {string}
             */
            codec?: "h264" | "hevc" | "av1";
            /** @description Average, in kilobits per second. */
            bitrateKbps?: number;
            /** @description Constant quality: lower is better. Not beside `bitrateKbps`; without either: 23. */
            crf?: number;
            /** @description Greatest height, in pixels; the width follows the aspect ratio. Absent: that of the source. */
            height?: number;
            /** @description Greatest frame rate. Absent: that of the source. */
            framesPerSecond?: number;
            /**
             * @description Seconds between key frames.
             * @default 2
             */
            gopSeconds?: number;
        };
        AudioEncodingInput: {
            /**
             * @default aac
             * @enum {string}
             */
            codec?: "aac" | "opus";
            /**
             * @description In kilobits per second.
             * @default 128
             */
            bitrateKbps?: number;
        };
        Transcode: {
            name: string;
            /** @description What the picture is encoded as; absent: only the sound is recorded. */
            video?: components["schemas"]["VideoEncoding"];
            /** @description What the sound is encoded as. */
            audio: components["schemas"]["AudioEncoding"];
            transcodeId: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        VideoEncoding: {
            /**
             * @default h264
             * @enum {string}
             */
            codec: "h264" | "hevc" | "av1";
            /** @description Average, in kilobits per second. */
            bitrateKbps?: number;
            /** @description Constant quality: lower is better. Not beside `bitrateKbps`; without either: 23. */
            crf?: number;
            /** @description Greatest height, in pixels; the width follows the aspect ratio. Absent: that of the source. */
            height?: number;
            /** @description Greatest frame rate. Absent: that of the source. */
            framesPerSecond?: number;
            /**
             * @description Seconds between key frames.
             * @default 2
             */
            gopSeconds: number;
        };
        AudioEncoding: {
            /**
             * @default aac
             * @enum {string}
             */
            codec: "aac" | "opus";
            /**
             * @description In kilobits per second.
             * @default 128
             */
            bitrateKbps: number;
        };
        StandbyInput: {
            name: string;
            /** @description The PNG or JPEG (at most 2 MiB), or the MP4 with H.264 and perhaps AAC (at most 4 MB and 60 s), in base64; at most 4096×4096 pixels. */
            data?: string;
            /** @description In place of `data`: of the file that it has already, which stays. */
            sha256?: string;
        };
        Standby: {
            standbyId: string;
            name: string;
            /** @description Of the file as it was sent. */
            sha256: string;
            /** @enum {string} */
            contentType: "image/png" | "image/jpeg" | "video/mp4";
            /** @description Of a video. */
            durationSeconds?: number;
            /** @description Of a video: whether there is sound to it. */
            hasSound?: boolean;
            /** @description In pixels. */
            width: number;
            /** @description In pixels. */
            height: number;
            sizeBytes: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /** @description Shows it, without further credentials, for an hour. */
            url: string;
        };
        OrchestrationInput: {
            name: string;
            /** @default  */
            description?: string;
            steps: components["schemas"]["OrchestrationStepInput"][];
        };
        OrchestrationStepInput: components["schemas"]["TranscodeStepInput"] | components["schemas"]["RemuxStepInput"] | components["schemas"]["ConcatStepInput"] | components["schemas"]["ClipStepInput"] | components["schemas"]["ThumbnailsStepInput"] | components["schemas"]["LambdaStepInput"] | components["schemas"]["StepFunctionsStepInput"] | components["schemas"]["MediaConvertStepInput"];
        /** @description Encodes anew. */
        TranscodeStepInput: {
            /** @constant */
            kind: "transcode";
            /** @description Unique in its orchestration; the names of objects that it makes end with it. */
            name: string;
            /**
             * @description What it takes: `source` is what was recorded; otherwise the name of another step.
             * @default source
             */
            input?: string;
            /**
             * @description How often it is tried until it counts as failed.
             * @default 3
             */
            maxAttempts?: number;
            /** @description Where what it makes goes. */
            output?: components["schemas"]["StepDestination"];
            /**
             * @default mp4
             * @enum {string}
             */
            format?: "mp4" | "hls" | "aac";
            /** @description Absent: only the sound. */
            video?: components["schemas"]["VideoEncodingInput"];
            /** @default {} */
            audio?: components["schemas"]["AudioEncodingInput"];
            /**
             * @description Wanted length of a segment of HLS; each ends at the next key frame.
             * @default 10
             */
            segmentSeconds?: number;
        };
        StepDestination: {
            /** @description Absent: the storage that the original is in. */
            storageId?: string;
            /** @description With the placeholders of a template’s path; absent: beside the original. The name of the step is added to it. */
            path?: string;
        };
        /** @description Puts the same media into another format. */
        RemuxStepInput: {
            /** @constant */
            kind: "remux";
            /** @description Unique in its orchestration; the names of objects that it makes end with it. */
            name: string;
            /**
             * @description What it takes: `source` is what was recorded; otherwise the name of another step.
             * @default source
             */
            input?: string;
            /**
             * @description How often it is tried until it counts as failed.
             * @default 3
             */
            maxAttempts?: number;
            /** @description Where what it makes goes. */
            output?: components["schemas"]["StepDestination"];
            /**
             * @description `aac`: the sound alone.
             * @enum {string}
             */
            format: "mp4" | "hls" | "aac";
            /**
             * @description Wanted length of a segment of HLS; each ends at the next key frame.
             * @default 10
             */
            segmentSeconds?: number;
        };
        /** @description Joins all files of the recording into one, when the recording has ended. */
        ConcatStepInput: {
            /** @constant */
            kind: "concat";
            /** @description Unique in its orchestration; the names of objects that it makes end with it. */
            name: string;
            /**
             * @description What it takes: `source` is what was recorded; otherwise the name of another step.
             * @default source
             */
            input?: string;
            /**
             * @description How often it is tried until it counts as failed.
             * @default 3
             */
            maxAttempts?: number;
            /** @description Where what it makes goes. */
            output?: components["schemas"]["StepDestination"];
            /**
             * @default mp4
             * @enum {string}
             */
            format?: "mp4" | "aac";
        };
        /** @description Cuts a part out, from the key frame before it, without encoding. */
        ClipStepInput: {
            /** @constant */
            kind: "clip";
            /** @description Unique in its orchestration; the names of objects that it makes end with it. */
            name: string;
            /**
             * @description What it takes: `source` is what was recorded; otherwise the name of another step.
             * @default source
             */
            input?: string;
            /**
             * @description How often it is tried until it counts as failed.
             * @default 3
             */
            maxAttempts?: number;
            /** @description Where what it makes goes. */
            output?: components["schemas"]["StepDestination"];
            /**
             * @default mp4
             * @enum {string}
             */
            format?: "mp4" | "aac";
            /** @description From the beginning of its input. */
            fromSeconds: number;
            toSeconds: number;
        };
        /** @description JPEGs of key frames, and a WebVTT file that lists them. */
        ThumbnailsStepInput: {
            /** @constant */
            kind: "thumbnails";
            /** @description Unique in its orchestration; the names of objects that it makes end with it. */
            name: string;
            /**
             * @description What it takes: `source` is what was recorded; otherwise the name of another step.
             * @default source
             */
            input?: string;
            /**
             * @description How often it is tried until it counts as failed.
             * @default 3
             */
            maxAttempts?: number;
            /** @description Where what it makes goes. */
            output?: components["schemas"]["StepDestination"];
            /**
             * @description Least time between two pictures; each is a key frame.
             * @default 10
             */
            everySeconds?: number;
            /** @default 320 */
            width?: number;
        };
        /** @description Has a Lambda function do something, and waits until that has answered with its token. */
        LambdaStepInput: {
            /** @constant */
            kind: "lambda";
            /** @description Unique in its orchestration; the names of objects that it makes end with it. */
            name: string;
            /**
             * @description What it takes: `source` is what was recorded; otherwise the name of another step.
             * @default source
             */
            input?: string;
            /**
             * @description How often it is tried until it counts as failed.
             * @default 3
             */
            maxAttempts?: number;
            /** @description Where what it makes goes. */
            output?: components["schemas"]["StepDestination"];
            /**
             * @description Seconds that one try may take, waiting included; then it has failed.
             * @default 3600
             */
            timeoutSeconds?: number;
            /** @description One of those that the deployment may invoke. */
            functionArn: string;
            /** @description Handed over as they are. */
            parameters?: {
                [key: string]: string;
            };
        };
        /** @description Starts a state machine of AWS Step Functions, and waits for the end of its execution. */
        StepFunctionsStepInput: {
            /** @constant */
            kind: "step-functions";
            /** @description Unique in its orchestration; the names of objects that it makes end with it. */
            name: string;
            /**
             * @description What it takes: `source` is what was recorded; otherwise the name of another step.
             * @default source
             */
            input?: string;
            /**
             * @description How often it is tried until it counts as failed.
             * @default 3
             */
            maxAttempts?: number;
            /** @description Where what it makes goes. */
            output?: components["schemas"]["StepDestination"];
            /**
             * @description Seconds that one try may take, waiting included; then it has failed.
             * @default 3600
             */
            timeoutSeconds?: number;
            /** @description A standard one, of those that the deployment may start. */
            stateMachineArn: string;
            /** @description Handed over as they are. */
            parameters?: {
                [key: string]: string;
            };
        };
        /** @description Has AWS Elemental MediaConvert encode anew, as a job template says. */
        MediaConvertStepInput: {
            /** @constant */
            kind: "mediaconvert";
            /** @description Unique in its orchestration; the names of objects that it makes end with it. */
            name: string;
            /**
             * @description What it takes: `source` is what was recorded; otherwise the name of another step.
             * @default source
             */
            input?: string;
            /**
             * @description How often it is tried until it counts as failed.
             * @default 3
             */
            maxAttempts?: number;
            /** @description Where what it makes goes. */
            output?: components["schemas"]["StepDestination"];
            /**
             * @description Seconds that one try may take, waiting included; then it has failed.
             * @default 3600
             */
            timeoutSeconds?: number;
            /** @description Of AWS Elemental MediaConvert; one of those that the deployment may use. */
            jobTemplate: string;
        };
        Orchestration: {
            name: string;
            /** @default  */
            description: string;
            steps: components["schemas"]["OrchestrationStep"][];
            orchestrationId: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /** @description Formats that it can be bound to. */
            accepts: ("hls" | "mp4" | "flv" | "aac")[];
        };
        OrchestrationStep: components["schemas"]["TranscodeStep"] | components["schemas"]["RemuxStep"] | components["schemas"]["ConcatStep"] | components["schemas"]["ClipStep"] | components["schemas"]["ThumbnailsStep"] | components["schemas"]["LambdaStep"] | components["schemas"]["StepFunctionsStep"] | components["schemas"]["MediaConvertStep"];
        /** @description Encodes anew. */
        TranscodeStep: {
            /** @constant */
            kind: "transcode";
            /** @description Unique in its orchestration; the names of objects that it makes end with it. */
            name: string;
            /**
             * @description What it takes: `source` is what was recorded; otherwise the name of another step.
             * @default source
             */
            input: string;
            /**
             * @description How often it is tried until it counts as failed.
             * @default 3
             */
            maxAttempts: number;
            /** @description Where what it makes goes. */
            output?: components["schemas"]["StepDestination"];
            /**
             * @default mp4
             * @enum {string}
             */
            format: "mp4" | "hls" | "aac";
            /** @description Absent: only the sound. */
            video?: components["schemas"]["VideoEncoding"];
            audio: components["schemas"]["AudioEncoding"];
            /**
             * @description Wanted length of a segment of HLS; each ends at the next key frame.
             * @default 10
             */
            segmentSeconds: number;
        };
        /** @description Puts the same media into another format. */
        RemuxStep: {
            /** @constant */
            kind: "remux";
            /** @description Unique in its orchestration; the names of objects that it makes end with it. */
            name: string;
            /**
             * @description What it takes: `source` is what was recorded; otherwise the name of another step.
             * @default source
             */
            input: string;
            /**
             * @description How often it is tried until it counts as failed.
             * @default 3
             */
            maxAttempts: number;
            /** @description Where what it makes goes. */
            output?: components["schemas"]["StepDestination"];
            /**
             * @description `aac`: the sound alone.
             * @enum {string}
             */
            format: "mp4" | "hls" | "aac";
            /**
             * @description Wanted length of a segment of HLS; each ends at the next key frame.
             * @default 10
             */
            segmentSeconds: number;
        };
        /** @description Joins all files of the recording into one, when the recording has ended. */
        ConcatStep: {
            /** @constant */
            kind: "concat";
            /** @description Unique in its orchestration; the names of objects that it makes end with it. */
            name: string;
            /**
             * @description What it takes: `source` is what was recorded; otherwise the name of another step.
             * @default source
             */
            input: string;
            /**
             * @description How often it is tried until it counts as failed.
             * @default 3
             */
            maxAttempts: number;
            /** @description Where what it makes goes. */
            output?: components["schemas"]["StepDestination"];
            /**
             * @default mp4
             * @enum {string}
             */
            format: "mp4" | "aac";
        };
        /** @description Cuts a part out, from the key frame before it, without encoding. */
        ClipStep: {
            /** @constant */
            kind: "clip";
            /** @description Unique in its orchestration; the names of objects that it makes end with it. */
            name: string;
            /**
             * @description What it takes: `source` is what was recorded; otherwise the name of another step.
             * @default source
             */
            input: string;
            /**
             * @description How often it is tried until it counts as failed.
             * @default 3
             */
            maxAttempts: number;
            /** @description Where what it makes goes. */
            output?: components["schemas"]["StepDestination"];
            /**
             * @default mp4
             * @enum {string}
             */
            format: "mp4" | "aac";
            /** @description From the beginning of its input. */
            fromSeconds: number;
            toSeconds: number;
        };
        /** @description JPEGs of key frames, and a WebVTT file that lists them. */
        ThumbnailsStep: {
            /** @constant */
            kind: "thumbnails";
            /** @description Unique in its orchestration; the names of objects that it makes end with it. */
            name: string;
            /**
             * @description What it takes: `source` is what was recorded; otherwise the name of another step.
             * @default source
             */
            input: string;
            /**
             * @description How often it is tried until it counts as failed.
             * @default 3
             */
            maxAttempts: number;
            /** @description Where what it makes goes. */
            output?: components["schemas"]["StepDestination"];
            /**
             * @description Least time between two pictures; each is a key frame.
             * @default 10
             */
            everySeconds: number;
            /** @default 320 */
            width: number;
        };
        /** @description Has a Lambda function do something, and waits until that has answered with its token. */
        LambdaStep: {
            /** @constant */
            kind: "lambda";
            /** @description Unique in its orchestration; the names of objects that it makes end with it. */
            name: string;
            /**
             * @description What it takes: `source` is what was recorded; otherwise the name of another step.
             * @default source
             */
            input: string;
            /**
             * @description How often it is tried until it counts as failed.
             * @default 3
             */
            maxAttempts: number;
            /** @description Where what it makes goes. */
            output?: components["schemas"]["StepDestination"];
            /**
             * @description Seconds that one try may take, waiting included; then it has failed.
             * @default 3600
             */
            timeoutSeconds: number;
            /** @description One of those that the deployment may invoke. */
            functionArn: string;
            /** @description Handed over as they are. */
            parameters?: {
                [key: string]: string;
            };
        };
        /** @description Starts a state machine of AWS Step Functions, and waits for the end of its execution. */
        StepFunctionsStep: {
            /** @constant */
            kind: "step-functions";
            /** @description Unique in its orchestration; the names of objects that it makes end with it. */
            name: string;
            /**
             * @description What it takes: `source` is what was recorded; otherwise the name of another step.
             * @default source
             */
            input: string;
            /**
             * @description How often it is tried until it counts as failed.
             * @default 3
             */
            maxAttempts: number;
            /** @description Where what it makes goes. */
            output?: components["schemas"]["StepDestination"];
            /**
             * @description Seconds that one try may take, waiting included; then it has failed.
             * @default 3600
             */
            timeoutSeconds: number;
            /** @description A standard one, of those that the deployment may start. */
            stateMachineArn: string;
            /** @description Handed over as they are. */
            parameters?: {
                [key: string]: string;
            };
        };
        /** @description Has AWS Elemental MediaConvert encode anew, as a job template says. */
        MediaConvertStep: {
            /** @constant */
            kind: "mediaconvert";
            /** @description Unique in its orchestration; the names of objects that it makes end with it. */
            name: string;
            /**
             * @description What it takes: `source` is what was recorded; otherwise the name of another step.
             * @default source
             */
            input: string;
            /**
             * @description How often it is tried until it counts as failed.
             * @default 3
             */
            maxAttempts: number;
            /** @description Where what it makes goes. */
            output?: components["schemas"]["StepDestination"];
            /**
             * @description Seconds that one try may take, waiting included; then it has failed.
             * @default 3600
             */
            timeoutSeconds: number;
            /** @description Of AWS Elemental MediaConvert; one of those that the deployment may use. */
            jobTemplate: string;
        };
        RuleInput: {
            /** @description A push domain. */
            domain: string;
            /** @description Name of an app or of a stream, as publishers give it. */
            app?: string;
            /** @description Name of an app or of a stream, as publishers give it. */
            stream?: string;
            templateId: string;
        };
        Rule: {
            /** @description A push domain. */
            domain: string;
            /** @description Name of an app or of a stream, as publishers give it. */
            app?: string;
            /** @description Name of an app or of a stream, as publishers give it. */
            stream?: string;
            templateId: string;
            ruleId: string;
            /** Format: date-time */
            createdAt: string;
        };
        RulesInput: {
            domains: string[];
            /** @description Name of an app or of a stream, as publishers give it. */
            app?: string;
            /** @description Name of an app or of a stream, as publishers give it. */
            stream?: string;
            templateId: string;
        };
        TaskInput: {
            /** @description A push domain. */
            domain: string;
            /** @description Name of an app or of a stream, as publishers give it. */
            app: string;
            /** @description Name of an app or of a stream, as publishers give it. */
            stream: string;
            /** @description Absent: HLS to the default storage. */
            templateId?: string;
            /**
             * Format: date-time
             * @description Absent: now.
             */
            startTime?: string;
            /**
             * Format: date-time
             * @description At most 24 hours after the start, and 7 days from now.
             */
            endTime: string;
        };
        Task: {
            taskId: string;
            /** @description A push domain. */
            domain: string;
            /** @description Name of an app or of a stream, as publishers give it. */
            app: string;
            /** @description Name of an app or of a stream, as publishers give it. */
            stream: string;
            /** @description null: HLS to the default storage. */
            templateId: string | null;
            /** Format: date-time */
            startTime: string;
            /** Format: date-time */
            endTime: string;
            /**
             * @description scheduled: its start is still to come; waiting: due, but the stream is not being recorded for it now.
             * @enum {string}
             */
            state: "scheduled" | "waiting" | "recording" | "completed" | "missed" | "stopped" | "failed";
            /** @description Why it failed, was missed or was stopped; while it waits, why a live stream cannot be recorded. */
            reason: components["schemas"]["Reason"] | null;
            /** @description Its recordings: one for each session of the stream while it was due, the newest 100 of them. */
            recordIds: string[];
            /** Format: date-time */
            createdAt: string;
        };
        Reason: {
            /**
             * @description Whose doing it was.
             * @enum {string}
             */
            cause: "source" | "storage" | "user" | "limit" | "ours";
            /** @description For programs. */
            code: string;
            /** @description In plain words, for people. */
            text: string;
        };
        /** @description The latest session of a stream. */
        Stream: {
            /** @description A push domain. */
            domain: string;
            /** @description Name of an app or of a stream, as publishers give it. */
            app: string;
            /** @description Name of an app or of a stream, as publishers give it. */
            stream: string;
            sessionId: string;
            live: boolean;
            /** Format: date-time */
            startedAt: string;
            endedAt: string | null;
            /** @description Why this session is not recorded; null when it is. */
            notRecorded: string | null;
            /** @description The ids of its recordings. */
            recordIds: string[];
            recordings: components["schemas"]["StreamRecording"][];
        };
        /** @description A recording of a session. */
        StreamRecording: {
            recordId: string;
            /** @description The task that asked for it; null: a rule did. */
            taskId: string | null;
            /** @description null: of a task without a template. */
            templateId: string | null;
            /** @enum {string} */
            state: "recording" | "paused" | "completing" | "completed" | "failed";
            /** @description null while no recorder has it, and when it has ended. */
            progress: components["schemas"]["Progress"] | null;
            /** @description null until it is known. */
            media: components["schemas"]["Media"] | null;
            /** @description null: there are none. */
            thumbnails: components["schemas"]["ThumbnailLinks"] | null;
        };
        /** @description How a recording that runs is getting on. */
        Progress: {
            /**
             * Format: date-time
             * @description When its recorder said so, which it does every four seconds.
             */
            at: string;
            /** @description From the source, since the recorder that has it now has taken it over. */
            receivedBytes: number;
            /** @description Media recorded so far. */
            durationSeconds: number;
            /** @description From the source, over the last ten seconds. */
            bitsPerSecond: number;
            /** @description How long before `at` a key frame came; null: none has come, or there is no video. */
            lastKeyFrameAgeSeconds: number | null;
            /**
             * @description Which storage is being written to.
             * @enum {string}
             */
            location: "primary" | "backup" | "spool";
        };
        /** @description What the stream carries: of each, what is known. */
        Media: {
            videoCodec?: string;
            width?: number;
            height?: number;
            framesPerSecond?: number;
            audioCodec?: string;
            /** @description In Hz. */
            audioSampleRate?: number;
            audioChannels?: number;
        };
        ThumbnailLinks: {
            /** @description The latest one, as JPEG, for an hour; not there before the first one is made. */
            latestUrl: string | null;
            /**
             * Format: uri
             * @description WebVTT, for an hour: which part of which sprite shows each time. Not there before the first sprite.
             */
            cuesUrl: string;
        };
        Recording: {
            recordId: string;
            /** @description A push domain. */
            domain: string;
            /** @description Name of an app or of a stream, as publishers give it. */
            app: string;
            /** @description Name of an app or of a stream, as publishers give it. */
            stream: string;
            sessionId: string;
            /** @enum {string} */
            state: "recording" | "paused" | "completing" | "completed" | "failed";
            /** Format: date-time */
            startedAt: string;
            /** @description null: a task without a template asked for it. */
            templateId: string | null;
            /** @description The task that asked for it; null: a rule did. */
            taskId: string | null;
            formats: ("hls" | "mp4" | "flv" | "aac")[];
            /**
             * @description What is really recorded.
             * @enum {string}
             */
            content: "origin" | "watermarked" | "transcoded";
            /** @description Why that is not what the template asks for. */
            contentReason: string | null;
            /** @description How that is made; null: it is recorded as it comes. */
            encoding: components["schemas"]["RecordingEncoding"] | null;
            endedAt: string | null;
            /** @description Why it ended, paused or failed. */
            reason: components["schemas"]["Reason"] | null;
            /** @description What is wrong although it is recorded, such as a storage that does not take its media. */
            trouble: components["schemas"]["Reason"] | null;
            pausedUntil: string | null;
            /** @description What the stream carries, as soon as that is known. */
            media: components["schemas"]["Media"] | null;
            /** @description null while no recorder has it. */
            progress: components["schemas"]["Progress"] | null;
            /** @description null: nothing of it is being deleted. */
            deletion: components["schemas"]["Deletion"] | null;
            /** @description Its `recording.json`, written when it is completed; null before that, and when it is deleted. */
            manifest: components["schemas"]["ObjectLink"] | null;
            /** @description null: its template asks for none, it has no picture, or they are deleted. */
            thumbnails: components["schemas"]["ThumbnailLinks"] | null;
            /** @description When its retention time was over and its objects were deleted; null: they are there. */
            expiredAt: string | null;
        };
        RecordingEncoding: {
            /** @description null: as the source’s, or with `audioOnly` none at all. */
            video: {
                /**
                 * @default h264
                 * @enum {string}
                 */
                codec: "h264" | "hevc" | "av1";
                /** @description Average, in kilobits per second. */
                bitrateKbps?: number;
                /** @description Constant quality: lower is better. Not beside `bitrateKbps`; without either: 23. */
                crf?: number;
                /** @description Greatest height, in pixels; the width follows the aspect ratio. Absent: that of the source. */
                height?: number;
                /** @description Greatest frame rate. Absent: that of the source. */
                framesPerSecond?: number;
                /**
                 * @description Seconds between key frames.
                 * @default 2
                 */
                gopSeconds: number;
            } | null;
            /** @description null: as it comes. */
            audio: {
                /**
                 * @default aac
                 * @enum {string}
                 */
                codec: "aac" | "opus";
                /**
                 * @description In kilobits per second.
                 * @default 128
                 */
                bitrateKbps: number;
            } | null;
            /** @description Whether only the sound is recorded. */
            audioOnly: boolean;
            /** @description Images of the watermark that lie on the picture. */
            images: number;
            /** @description Whether standby content stands in the gaps of interruptions. */
            standby: boolean;
        };
        /** @description What is still to be deleted of a recording. */
        Deletion: {
            /** Format: date-time */
            requestedAt: string;
            /** @description Whether its objects are deleted. */
            objects: boolean;
            /** @description Whether the record of it is deleted; false: its retention time is over. */
            record: boolean;
            /** @description How often a storage has refused it, in a row. */
            failures: number;
            /** @description Why it was refused; null: it was not. */
            reason: components["schemas"]["Reason"] | null;
            /**
             * Format: date-time
             * @description When it is tried again, unless it is done by then.
             */
            nextTryAt: string;
        };
        /** @description An object in the storage of a recording, and how it is read. */
        ObjectLink: {
            bucket: string;
            key: string;
            /** @description Reads it, for an hour; null while its storage lets nobody sign for it. */
            url: string | null;
        };
        /** @description One object of a recording, or one playlist with its segments. */
        File: {
            fileId: string;
            /** @enum {string} */
            format: "hls" | "mp4" | "flv" | "aac";
            bucket: string;
            /** @description Of the object in its bucket; of HLS, of its playlist. */
            key: string;
            /**
             * @description `waiting`: recorded, and put together when its storage answers again. `expired`: the retention time of its recording was over, and its objects are deleted.
             * @enum {string}
             */
            state: "recording" | "waiting" | "ready" | "failed" | "expired";
            /**
             * @description Where it is: in the storage of the template, in its backup, or in the spool of this installation.
             * @enum {string}
             */
            location: "primary" | "backup" | "spool";
            sizeBytes: number;
            durationSeconds: number;
            /** Format: date-time */
            startedAt: string;
            /** @description Of the bucket; null: of this installation’s own spool. */
            region: string | null;
            /**
             * Format: date-time
             * @description Since when it is there.
             */
            locatedAt: string;
            /** @description When it was closed. */
            readyAt: string | null;
            /** @description Why it failed, why it is not in the storage of the template, or why it has no URL. */
            reason: components["schemas"]["Reason"] | null;
            /** @description Plays as it stands, in any player, for an hour; null while there is nothing to play. */
            url: string | null;
        };
        /** @description One orchestration, applied to one file or to all of a recording. */
        PostProcessingRun: {
            runId: string;
            recordId: string;
            /** @enum {string} */
            format: "hls" | "mp4" | "flv" | "aac";
            orchestrationId: string;
            orchestrationName: string;
            /** @enum {string} */
            state: "running" | "succeeded" | "failed" | "cancelled";
            /** Format: date-time */
            createdAt: string;
            /** @description Of the file that it is run on; null: all files of the format. */
            fileId: string | null;
            /** @description How far all of it is. */
            percent: number;
            endedAt: string | null;
            steps: components["schemas"]["PostProcessingStep"][];
        };
        PostProcessingStep: {
            name: string;
            /** @enum {string} */
            kind: "transcode" | "remux" | "concat" | "clip" | "thumbnails" | "lambda" | "step-functions" | "mediaconvert";
            input: string;
            /**
             * @description `pending`: waits for its input, for its next try or for a worker. `running` of a step that others do: they have it, or are about to. `skipped`: what it needs did not succeed.
             * @enum {string}
             */
            state: "pending" | "running" | "succeeded" | "failed" | "cancelled" | "skipped";
            /** @description How far it is. */
            percent: number;
            /** @description Times that it was begun. */
            attempts: number;
            /** @description When it was begun for the last time. */
            startedAt: string | null;
            endedAt: string | null;
            /** @description What its last try took. */
            seconds: number | null;
            nextTryAt: string | null;
            /** @description Why it failed, or why its last try did. */
            reason: components["schemas"]["Reason"] | null;
            output: components["schemas"]["StepOutput"] | null;
            /** @description What others have made, as far as they have said. */
            files: components["schemas"]["StepFile"][];
        };
        StepOutput: {
            /** @enum {string} */
            format: "hls" | "mp4" | "flv" | "aac" | "images";
            /** @description Of the object; of HLS, of its playlist; of images, of the WebVTT file that lists them. */
            key: string;
            sizeBytes: number;
            objects: number;
            durationSeconds: number;
            bucket: string;
            /** @description Where it can be read for an hour; null for HLS, and when it cannot be signed for. */
            url: string | null;
        };
        /** @description An object that a function, a state machine or MediaConvert has made. */
        StepFile: {
            bucket: string;
            key: string;
            sizeBytes?: number;
        };
        StepResultInput: {
            /** @constant */
            status: "running";
            /** @description As it was handed over with the step. */
            token: string;
            /** @description How far it is. */
            percent: number;
        } | {
            /** @constant */
            status: "succeeded";
            /** @description As it was handed over with the step. */
            token: string;
            /**
             * @description Objects that were made; the first 20 are kept.
             * @default []
             */
            files?: {
                bucket?: string;
                key: string;
                sizeBytes?: number;
            }[];
        } | {
            /** @constant */
            status: "failed";
            /** @description As it was handed over with the step. */
            token: string;
            /** @description Why, in words for people. */
            message: string;
            /**
             * @description Whether another try may be of use.
             * @default true
             */
            retry?: boolean;
        };
        StepResultAnswer: {
            /** @description False: nobody waits for it any more. The step was cancelled, is too late, or was answered for before. */
            accepted: boolean;
            /** @enum {string} */
            state: "pending" | "running" | "succeeded" | "failed" | "cancelled" | "skipped";
        };
        CallbackInput: {
            name: string;
            url: string;
            /** @description Events that are sent; absent: all. */
            events?: components["schemas"]["CallbackEvent"][];
            /** @description Push domains whose recordings are told of; absent: all. */
            domains?: string[];
            /** @default true */
            enabled?: boolean;
            /** @description What deliveries are signed with. Made for you when absent. */
            secret?: string;
        };
        /** @enum {string} */
        CallbackEvent: "recording.started" | "recording.paused" | "recording.resumed" | "recording.ended" | "recording.failed" | "file.ready" | "file.moved" | "post-processing.finished" | "post-processing.failed";
        /** @description Where events are sent. Never shows a secret. */
        Callback: {
            callbackId: string;
            name: string;
            url: string;
            /** @description Events that are sent; absent: all. */
            events?: components["schemas"]["CallbackEvent"][];
            /** @description Push domains whose recordings are told of; absent: all. */
            domains?: string[];
            /** @default true */
            enabled: boolean;
            /** @description How long an earlier secret signs beside the new one; null when there is none. */
            previousSecretUntil: string | null;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        /** @description One event on its way to one callback. */
        Delivery: {
            deliveryId: string;
            callbackId: string;
            /** @description The webhook-id header. */
            eventId: string;
            /** @description Of the event. */
            type: string;
            recordId: string | null;
            /** @enum {string} */
            state: "pending" | "delivered" | "failed";
            /** @description Why it was given up. */
            failure: string | null;
            /** Format: date-time */
            createdAt: string;
            /** @description Begun so far. */
            tries: number;
            nextTryAt: string | null;
            lastAttempt: {
                /** Format: date-time */
                at: string;
                durationMs: number;
                status: number | null;
                /** @description Why there was no answer. */
                error: string | null;
            } | null;
        };
        WholeDelivery: {
            deliveryId: string;
            callbackId: string;
            /** @description The webhook-id header. */
            eventId: string;
            /** @description Of the event. */
            type: string;
            recordId: string | null;
            /** @enum {string} */
            state: "pending" | "delivered" | "failed";
            /** @description Why it was given up. */
            failure: string | null;
            /** Format: date-time */
            createdAt: string;
            /** @description Begun so far. */
            tries: number;
            nextTryAt: string | null;
            lastAttempt: {
                /** Format: date-time */
                at: string;
                durationMs: number;
                status: number | null;
                /** @description Why there was no answer. */
                error: string | null;
            } | null;
            /** @description Exactly as it is sent and signed. */
            body: string;
            /** @description The newest 30, oldest first. */
            attempts: components["schemas"]["DeliveryAttempt"][];
        };
        DeliveryAttempt: {
            /** Format: date-time */
            at: string;
            durationMs: number;
            status: number | null;
            /** @description Why there was no answer. */
            error: string | null;
            request: {
                url: string;
                headers: {
                    [key: string]: string;
                };
            };
            /** @description Of the answer. */
            contentType: string | null;
            /** @description How the body of the answer begins; at most 1 kB of it is read. */
            answer: string | null;
        };
        TokenInput: {
            name: string;
            scopes: ("read" | "write" | "ingest")[];
        };
        TokenWithSecret: {
            tokenId: string;
            name: string;
            scopes: ("read" | "write" | "ingest")[];
            /** Format: date-time */
            createdAt: string;
            token: string;
        };
        Token: {
            tokenId: string;
            name: string;
            scopes: ("read" | "write" | "ingest")[];
            /** Format: date-time */
            createdAt: string;
        };
        /**
         * @description A recorder is connected and the stream is being recorded.
         * @example {
         *       "id": "evt_3f1d2a9c5b7e48d6a0c4f8e2b6d19753",
         *       "type": "recording.started",
         *       "at": "2026-11-22T11:00:01.000Z",
         *       "data": {
         *         "recording": {
         *           "recordId": "rec_01JDA0G6QV4T5N8Z2X7C9B1M3K",
         *           "domain": "push.example.com",
         *           "app": "live",
         *           "stream": "show",
         *           "sessionId": "ses_01JDA0G6PX1H6R3D8F0W2Y5S7A",
         *           "templateId": "tpl_01JD9ZK4E8M2V6B0Q3T7N1C5XH",
         *           "state": "recording",
         *           "startedAt": "2026-11-22T10:00:00.000Z",
         *           "formats": [
         *             "hls",
         *             "mp4"
         *           ],
         *           "media": {
         *             "videoCodec": "h264",
         *             "width": 1920,
         *             "height": 1080,
         *             "audioCodec": "aac"
         *           }
         *         }
         *       }
         *     }
         */
        RecordingStartedEvent: {
            /** @description The webhook-id header: the same however often it is sent. */
            id: string;
            /** @constant */
            type: "recording.started";
            /**
             * Format: date-time
             * @description When it happened.
             */
            at: string;
            data: {
                recording: components["schemas"]["CallbackRecording"];
            };
        };
        CallbackRecording: {
            /** @description A push domain. */
            domain: string;
            /** @description Name of an app or of a stream, as publishers give it. */
            app: string;
            /** @description Name of an app or of a stream, as publishers give it. */
            stream: string;
            recordId: string;
            sessionId: string;
            taskId?: string;
            templateId?: string;
            /** @enum {string} */
            state: "recording" | "paused" | "completing" | "completed" | "failed";
            /** Format: date-time */
            startedAt: string;
            /** Format: date-time */
            endedAt?: string;
            formats: ("hls" | "mp4" | "flv" | "aac")[];
            media?: components["schemas"]["Media"];
        };
        /**
         * @description The stream was interrupted; the recording waits for it until its resumption timeout is over.
         * @example {
         *       "id": "evt_3f1d2a9c5b7e48d6a0c4f8e2b6d19753",
         *       "type": "recording.paused",
         *       "at": "2026-11-22T11:00:01.000Z",
         *       "data": {
         *         "recording": {
         *           "recordId": "rec_01JDA0G6QV4T5N8Z2X7C9B1M3K",
         *           "domain": "push.example.com",
         *           "app": "live",
         *           "stream": "show",
         *           "sessionId": "ses_01JDA0G6PX1H6R3D8F0W2Y5S7A",
         *           "templateId": "tpl_01JD9ZK4E8M2V6B0Q3T7N1C5XH",
         *           "state": "paused",
         *           "startedAt": "2026-11-22T10:00:00.000Z",
         *           "formats": [
         *             "hls",
         *             "mp4"
         *           ],
         *           "media": {
         *             "videoCodec": "h264",
         *             "width": 1920,
         *             "height": 1080,
         *             "audioCodec": "aac"
         *           },
         *           "endedAt": "2026-11-22T11:00:00.000Z"
         *         },
         *         "reason": {
         *           "cause": "source",
         *           "code": "session-ended",
         *           "text": "The stream ended."
         *         }
         *       }
         *     }
         */
        RecordingPausedEvent: {
            /** @description The webhook-id header: the same however often it is sent. */
            id: string;
            /** @constant */
            type: "recording.paused";
            /**
             * Format: date-time
             * @description When it happened.
             */
            at: string;
            data: {
                recording: components["schemas"]["CallbackRecording"];
                reason: components["schemas"]["Reason"];
            };
        };
        /**
         * @description The stream came back in time, and the same recording goes on.
         * @example {
         *       "id": "evt_3f1d2a9c5b7e48d6a0c4f8e2b6d19753",
         *       "type": "recording.resumed",
         *       "at": "2026-11-22T11:00:01.000Z",
         *       "data": {
         *         "recording": {
         *           "recordId": "rec_01JDA0G6QV4T5N8Z2X7C9B1M3K",
         *           "domain": "push.example.com",
         *           "app": "live",
         *           "stream": "show",
         *           "sessionId": "ses_01JDA0G6PX1H6R3D8F0W2Y5S7A",
         *           "templateId": "tpl_01JD9ZK4E8M2V6B0Q3T7N1C5XH",
         *           "state": "recording",
         *           "startedAt": "2026-11-22T10:00:00.000Z",
         *           "formats": [
         *             "hls",
         *             "mp4"
         *           ],
         *           "media": {
         *             "videoCodec": "h264",
         *             "width": 1920,
         *             "height": 1080,
         *             "audioCodec": "aac"
         *           }
         *         }
         *       }
         *     }
         */
        RecordingResumedEvent: {
            /** @description The webhook-id header: the same however often it is sent. */
            id: string;
            /** @constant */
            type: "recording.resumed";
            /**
             * Format: date-time
             * @description When it happened.
             */
            at: string;
            data: {
                recording: components["schemas"]["CallbackRecording"];
            };
        };
        /**
         * @description The recording is over and every file of it is closed.
         * @example {
         *       "id": "evt_3f1d2a9c5b7e48d6a0c4f8e2b6d19753",
         *       "type": "recording.ended",
         *       "at": "2026-11-22T11:00:01.000Z",
         *       "data": {
         *         "recording": {
         *           "recordId": "rec_01JDA0G6QV4T5N8Z2X7C9B1M3K",
         *           "domain": "push.example.com",
         *           "app": "live",
         *           "stream": "show",
         *           "sessionId": "ses_01JDA0G6PX1H6R3D8F0W2Y5S7A",
         *           "templateId": "tpl_01JD9ZK4E8M2V6B0Q3T7N1C5XH",
         *           "state": "completed",
         *           "startedAt": "2026-11-22T10:00:00.000Z",
         *           "formats": [
         *             "hls",
         *             "mp4"
         *           ],
         *           "media": {
         *             "videoCodec": "h264",
         *             "width": 1920,
         *             "height": 1080,
         *             "audioCodec": "aac"
         *           },
         *           "endedAt": "2026-11-22T11:00:00.000Z"
         *         },
         *         "reason": {
         *           "cause": "source",
         *           "code": "session-ended",
         *           "text": "The stream ended."
         *         },
         *         "manifest": {
         *           "bucket": "my-recordings",
         *           "key": "origin/push.example.com/live/show/2026-11-22-10-00-00/recording.json"
         *         }
         *       }
         *     }
         */
        RecordingEndedEvent: {
            /** @description The webhook-id header: the same however often it is sent. */
            id: string;
            /** @constant */
            type: "recording.ended";
            /**
             * Format: date-time
             * @description When it happened.
             */
            at: string;
            data: {
                recording: components["schemas"]["CallbackRecording"];
                reason: components["schemas"]["Reason"];
                /** @description Where its `recording.json` is: all there is to know of it and its files. */
                manifest?: {
                    bucket: string;
                    key: string;
                };
            };
        };
        /**
         * @description The recording is over, and there is not one file of it.
         * @example {
         *       "id": "evt_3f1d2a9c5b7e48d6a0c4f8e2b6d19753",
         *       "type": "recording.failed",
         *       "at": "2026-11-22T11:00:01.000Z",
         *       "data": {
         *         "recording": {
         *           "recordId": "rec_01JDA0G6QV4T5N8Z2X7C9B1M3K",
         *           "domain": "push.example.com",
         *           "app": "live",
         *           "stream": "show",
         *           "sessionId": "ses_01JDA0G6PX1H6R3D8F0W2Y5S7A",
         *           "templateId": "tpl_01JD9ZK4E8M2V6B0Q3T7N1C5XH",
         *           "state": "failed",
         *           "startedAt": "2026-11-22T10:00:00.000Z",
         *           "formats": [
         *             "hls",
         *             "mp4"
         *           ],
         *           "media": {
         *             "videoCodec": "h264",
         *             "width": 1920,
         *             "height": 1080,
         *             "audioCodec": "aac"
         *           },
         *           "endedAt": "2026-11-22T11:00:00.000Z"
         *         },
         *         "reason": {
         *           "cause": "source",
         *           "code": "source-unreachable",
         *           "text": "The source could not be reached."
         *         }
         *       }
         *     }
         */
        RecordingFailedEvent: {
            /** @description The webhook-id header: the same however often it is sent. */
            id: string;
            /** @constant */
            type: "recording.failed";
            /**
             * Format: date-time
             * @description When it happened.
             */
            at: string;
            data: {
                recording: components["schemas"]["CallbackRecording"];
                reason: components["schemas"]["Reason"];
            };
        };
        /**
         * @description A file is closed and lies in its bucket, to be played or downloaded.
         * @example {
         *       "id": "evt_3f1d2a9c5b7e48d6a0c4f8e2b6d19753",
         *       "type": "file.ready",
         *       "at": "2026-11-22T11:00:01.000Z",
         *       "data": {
         *         "recording": {
         *           "recordId": "rec_01JDA0G6QV4T5N8Z2X7C9B1M3K",
         *           "domain": "push.example.com",
         *           "app": "live",
         *           "stream": "show",
         *           "sessionId": "ses_01JDA0G6PX1H6R3D8F0W2Y5S7A",
         *           "templateId": "tpl_01JD9ZK4E8M2V6B0Q3T7N1C5XH",
         *           "state": "recording",
         *           "startedAt": "2026-11-22T10:00:00.000Z",
         *           "formats": [
         *             "hls",
         *             "mp4"
         *           ],
         *           "media": {
         *             "videoCodec": "h264",
         *             "width": 1920,
         *             "height": 1080,
         *             "audioCodec": "aac"
         *           }
         *         },
         *         "file": {
         *           "fileId": "0001-mp4",
         *           "format": "mp4",
         *           "bucket": "my-recordings",
         *           "region": "eu-central-1",
         *           "key": "origin/push.example.com/live/show/2026-11-22-10-00-00.mp4",
         *           "location": "primary",
         *           "sizeBytes": 1800000000,
         *           "durationSeconds": 3600,
         *           "startedAt": "2026-11-22T10:00:00.000Z",
         *           "readyAt": "2026-11-22T11:00:01.000Z"
         *         }
         *       }
         *     }
         */
        FileReadyEvent: {
            /** @description The webhook-id header: the same however often it is sent. */
            id: string;
            /** @constant */
            type: "file.ready";
            /**
             * Format: date-time
             * @description When it happened.
             */
            at: string;
            data: {
                recording: components["schemas"]["CallbackRecording"];
                file: components["schemas"]["CallbackFile"];
            };
        };
        CallbackFile: {
            fileId: string;
            /** @enum {string} */
            format: "hls" | "mp4" | "flv" | "aac";
            bucket: string;
            key: string;
            /** @enum {string} */
            location: "primary" | "backup" | "spool";
            sizeBytes: number;
            durationSeconds: number;
            /** Format: date-time */
            startedAt: string;
            /** @description Of the bucket; absent while the file is in the spool. */
            region?: string;
            /** Format: date-time */
            readyAt: string;
            /**
             * Format: date-time
             * @description Since when it is there; absent: since it began.
             */
            locatedAt?: string;
        };
        /**
         * @description A file that was ready elsewhere, because its storage did not take it, lies in that storage now.
         * @example {
         *       "id": "evt_3f1d2a9c5b7e48d6a0c4f8e2b6d19753",
         *       "type": "file.moved",
         *       "at": "2026-11-22T11:00:01.000Z",
         *       "data": {
         *         "recording": {
         *           "recordId": "rec_01JDA0G6QV4T5N8Z2X7C9B1M3K",
         *           "domain": "push.example.com",
         *           "app": "live",
         *           "stream": "show",
         *           "sessionId": "ses_01JDA0G6PX1H6R3D8F0W2Y5S7A",
         *           "templateId": "tpl_01JD9ZK4E8M2V6B0Q3T7N1C5XH",
         *           "state": "completed",
         *           "startedAt": "2026-11-22T10:00:00.000Z",
         *           "formats": [
         *             "hls",
         *             "mp4"
         *           ],
         *           "media": {
         *             "videoCodec": "h264",
         *             "width": 1920,
         *             "height": 1080,
         *             "audioCodec": "aac"
         *           },
         *           "endedAt": "2026-11-22T11:00:00.000Z"
         *         },
         *         "file": {
         *           "fileId": "0001-mp4",
         *           "format": "mp4",
         *           "bucket": "my-recordings",
         *           "region": "eu-central-1",
         *           "key": "origin/push.example.com/live/show/2026-11-22-10-00-00.mp4",
         *           "location": "primary",
         *           "sizeBytes": 1800000000,
         *           "durationSeconds": 3600,
         *           "startedAt": "2026-11-22T10:00:00.000Z",
         *           "readyAt": "2026-11-22T11:00:01.000Z",
         *           "locatedAt": "2026-11-22T13:20:00.000Z"
         *         }
         *       }
         *     }
         */
        FileMovedEvent: {
            /** @description The webhook-id header: the same however often it is sent. */
            id: string;
            /** @constant */
            type: "file.moved";
            /**
             * Format: date-time
             * @description When it happened.
             */
            at: string;
            data: {
                recording: components["schemas"]["CallbackRecording"];
                file: components["schemas"]["CallbackFile"];
            };
        };
        /**
         * @description Every step of an orchestration has made its output.
         * @example {
         *       "id": "evt_3f1d2a9c5b7e48d6a0c4f8e2b6d19753",
         *       "type": "post-processing.finished",
         *       "at": "2026-11-22T11:00:01.000Z",
         *       "data": {
         *         "recording": {
         *           "recordId": "rec_01JDA0G6QV4T5N8Z2X7C9B1M3K",
         *           "domain": "push.example.com",
         *           "app": "live",
         *           "stream": "show",
         *           "sessionId": "ses_01JDA0G6PX1H6R3D8F0W2Y5S7A",
         *           "templateId": "tpl_01JD9ZK4E8M2V6B0Q3T7N1C5XH",
         *           "state": "completed",
         *           "startedAt": "2026-11-22T10:00:00.000Z",
         *           "formats": [
         *             "hls",
         *             "mp4"
         *           ],
         *           "media": {
         *             "videoCodec": "h264",
         *             "width": 1920,
         *             "height": 1080,
         *             "audioCodec": "aac"
         *           },
         *           "endedAt": "2026-11-22T11:00:00.000Z"
         *         },
         *         "run": {
         *           "runId": "run_0001-hls-0001_5b1e0c2f9a37",
         *           "format": "hls",
         *           "fileId": "0001-hls-0001",
         *           "orchestrationId": "orc_01KAN2X5B6C7D8E9F0G1H2J3K4",
         *           "orchestrationName": "library",
         *           "createdAt": "2026-11-22T11:00:01.000Z",
         *           "endedAt": "2026-11-22T11:00:09.000Z",
         *           "steps": [
         *             {
         *               "name": "film",
         *               "kind": "remux",
         *               "state": "succeeded",
         *               "output": {
         *                 "format": "mp4",
         *                 "bucket": "my-recordings",
         *                 "key": "origin/push.example.com/live/show/2026-11-22-10-00-00-hls-film.mp4",
         *                 "sizeBytes": 1800000000,
         *                 "objects": 1,
         *                 "durationSeconds": 3600
         *               }
         *             }
         *           ]
         *         }
         *       }
         *     }
         */
        PostProcessingFinishedEvent: {
            /** @description The webhook-id header: the same however often it is sent. */
            id: string;
            /** @constant */
            type: "post-processing.finished";
            /**
             * Format: date-time
             * @description When it happened.
             */
            at: string;
            data: {
                recording: components["schemas"]["CallbackRecording"];
                run: components["schemas"]["CallbackRun"];
            };
        };
        CallbackRun: {
            runId: string;
            /** @enum {string} */
            format: "hls" | "mp4" | "flv" | "aac";
            fileId?: string;
            orchestrationId: string;
            orchestrationName: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            endedAt?: string;
            steps: {
                /** @enum {string} */
                state: "pending" | "running" | "succeeded" | "failed" | "cancelled" | "skipped";
                reason?: components["schemas"]["Reason"];
                files?: components["schemas"]["StepFile"][];
                name: string;
                kind: string;
                output?: {
                    /** @enum {string} */
                    format: "hls" | "mp4" | "flv" | "aac" | "images";
                    key: string;
                    sizeBytes: number;
                    objects: number;
                    durationSeconds: number;
                    bucket: string;
                };
            }[];
        };
        /**
         * @description All that could be made is there; steps of the orchestration have failed.
         * @example {
         *       "id": "evt_3f1d2a9c5b7e48d6a0c4f8e2b6d19753",
         *       "type": "post-processing.failed",
         *       "at": "2026-11-22T11:00:01.000Z",
         *       "data": {
         *         "recording": {
         *           "recordId": "rec_01JDA0G6QV4T5N8Z2X7C9B1M3K",
         *           "domain": "push.example.com",
         *           "app": "live",
         *           "stream": "show",
         *           "sessionId": "ses_01JDA0G6PX1H6R3D8F0W2Y5S7A",
         *           "templateId": "tpl_01JD9ZK4E8M2V6B0Q3T7N1C5XH",
         *           "state": "completed",
         *           "startedAt": "2026-11-22T10:00:00.000Z",
         *           "formats": [
         *             "hls",
         *             "mp4"
         *           ],
         *           "media": {
         *             "videoCodec": "h264",
         *             "width": 1920,
         *             "height": 1080,
         *             "audioCodec": "aac"
         *           },
         *           "endedAt": "2026-11-22T11:00:00.000Z"
         *         },
         *         "run": {
         *           "runId": "run_0001-hls-0001_5b1e0c2f9a37",
         *           "format": "hls",
         *           "fileId": "0001-hls-0001",
         *           "orchestrationId": "orc_01KAN2X5B6C7D8E9F0G1H2J3K4",
         *           "orchestrationName": "library",
         *           "createdAt": "2026-11-22T11:00:01.000Z",
         *           "endedAt": "2026-11-22T11:00:09.000Z",
         *           "steps": [
         *             {
         *               "name": "pictures",
         *               "kind": "thumbnails",
         *               "state": "failed",
         *               "reason": {
         *                 "cause": "source",
         *                 "code": "input-unsuitable",
         *                 "text": "This step can make nothing of what was recorded."
         *               }
         *             }
         *           ]
         *         }
         *       }
         *     }
         */
        PostProcessingFailedEvent: {
            /** @description The webhook-id header: the same however often it is sent. */
            id: string;
            /** @constant */
            type: "post-processing.failed";
            /**
             * Format: date-time
             * @description When it happened.
             */
            at: string;
            data: {
                recording: components["schemas"]["CallbackRecording"];
                run: components["schemas"]["CallbackRun"];
            };
        };
        /**
         * @description Sent on demand, to try a target.
         * @example {
         *       "id": "evt_3f1d2a9c5b7e48d6a0c4f8e2b6d19753",
         *       "type": "test",
         *       "at": "2026-11-22T11:00:01.000Z",
         *       "data": {
         *         "callback": {
         *           "callbackId": "cbk_01JDA1B2C3D4E5F6G7H8J9K0MN",
         *           "name": "library"
         *         }
         *       }
         *     }
         */
        TestEvent: {
            /** @description The webhook-id header: the same however often it is sent. */
            id: string;
            /** @constant */
            type: "test";
            /**
             * Format: date-time
             * @description When it happened.
             */
            at: string;
            data: {
                callback: {
                    callbackId: string;
                    name: string;
                };
            };
        };
    };
    responses: {
        /** @description A parameter or a field is not valid. All faults are named at once. */
        InvalidRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:streamkeep:problem:invalid-request",
                 *       "title": "The request is not valid.",
                 *       "status": 400,
                 *       "errors": [
                 *         {
                 *           "in": "query",
                 *           "field": "limit",
                 *           "given": "999",
                 *           "message": "Too big: expected number to be <=100"
                 *         }
                 *       ]
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No valid token. Every path answers so without one. */
        Unauthenticated: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:streamkeep:problem:unauthenticated",
                 *       "title": "A valid bearer token is needed.",
                 *       "status": 401
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The token lacks the scope. */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:streamkeep:problem:missing-scope",
                 *       "title": "The token does not allow this.",
                 *       "status": 403,
                 *       "detail": "The token needs the scope write."
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description It exists already, it is in use, it was changed at the same time, or its state does not allow it. */
        Conflict: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:streamkeep:problem:name-taken",
                 *       "title": "The name is taken.",
                 *       "status": 409,
                 *       "detail": "There is a template named shows already."
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is too large. */
        BodyTooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:streamkeep:problem:body-too-large",
                 *       "title": "The body is too large.",
                 *       "status": 413,
                 *       "detail": "At most 262144 bytes are allowed."
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is not JSON. */
        UnsupportedMediaType: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:streamkeep:problem:unsupported-media-type",
                 *       "title": "The body is of a type that is not read here.",
                 *       "status": 415,
                 *       "detail": "Send content-type: application/json."
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A fault on our side. The `requestId` is in the logs. */
        Internal: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:streamkeep:problem:internal",
                 *       "title": "Something went wrong on our side.",
                 *       "status": 500,
                 *       "requestId": "3f1c9a52-6d0e-4a53-b0c5-8a3a2b8f0d11"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description There is no such thing. */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:streamkeep:problem:not-found",
                 *       "title": "Not found.",
                 *       "status": 404,
                 *       "detail": "There is no template tpl_1."
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description It has been changed since: its ETag is not the one of `If-Match`. */
        PreconditionFailed: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:streamkeep:problem:precondition-failed",
                 *       "title": "It has been changed since you read it.",
                 *       "status": 412,
                 *       "detail": "Read it again, and send the new ETag as If-Match."
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description `If-Match` is missing. */
        PreconditionRequired: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:streamkeep:problem:precondition-required",
                 *       "title": "Say which version you want to change.",
                 *       "status": 428,
                 *       "detail": "Send the ETag of what you have read as If-Match, or If-Match: * to overwrite whatever there is."
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description What the request names did not stand the test. */
        Unprocessable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:streamkeep:problem:storage-check-failed",
                 *       "title": "Recording to this storage would fail.",
                 *       "status": 422,
                 *       "errors": [
                 *         {
                 *           "in": "body",
                 *           "field": "bucket",
                 *           "given": "recordings",
                 *           "message": "must allow s3:PutObject: Access Denied"
                 *         }
                 *       ]
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A storage did not answer as it should. */
        StorageFailed: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:streamkeep:problem:storage-failed",
                 *       "title": "The storage did not answer as it should.",
                 *       "status": 502
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A callback could not be taken just now; it may be sent again. */
        NotTaken: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:streamkeep:problem:not-taken",
                 *       "title": "It could not be taken just now.",
                 *       "status": 503,
                 *       "detail": "Send it again."
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listDomains: {
        parameters: {
            query?: {
                /**
                 * @description Most items of the answer.
                 * @example 20
                 */
                limit?: number;
                /** @description Where to go on: the `cursor` of the answer before, of the same list with the same filters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "domain": "push.example.com",
                     *           "adapter": "nginx-rtmp",
                     *           "source": {
                     *             "url": "rtmp://push.example.com/{app}/{stream}"
                     *           },
                     *           "losslessStart": true,
                     *           "api": {
                     *             "url": "http://push.example.com:8088/stat"
                     *           },
                     *           "enabled": true,
                     *           "createdAt": "2026-11-22T10:00:00.000Z"
                     *         }
                     *       ],
                     *       "cursor": null
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["Domain"][];
                        /** @description Of the next page; null after the last one. */
                        cursor: string | null;
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            500: components["responses"]["Internal"];
        };
    };
    createDomain: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "domain": "push.example.com",
                 *       "adapter": "nginx-rtmp",
                 *       "source": {
                 *         "url": "rtmp://push.example.com/{app}/{stream}"
                 *       },
                 *       "losslessStart": true,
                 *       "api": {
                 *         "url": "http://push.example.com:8088/stat"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["DomainInput"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    /**
                     * @description Version of what is in the body. Send it as `If-Match` to change exactly this version.
                     * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                     */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "domain": "push.example.com",
                     *       "adapter": "nginx-rtmp",
                     *       "source": {
                     *         "url": "rtmp://push.example.com/{app}/{stream}"
                     *       },
                     *       "losslessStart": true,
                     *       "api": {
                     *         "url": "http://push.example.com:8088/stat"
                     *       },
                     *       "enabled": true,
                     *       "createdAt": "2026-11-22T10:00:00.000Z",
                     *       "secret": "Jz8m1Q4yVw2nXc7pLr5tBk9sHd3fGa6eUo0iYqTxRvE"
                     *     }
                     */
                    "application/json": components["schemas"]["DomainWithSecret"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            500: components["responses"]["Internal"];
        };
    };
    getDomain: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A push domain.
                 * @example push.example.com
                 */
                domain: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    /**
                     * @description Version of what is in the body. Send it as `If-Match` to change exactly this version.
                     * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                     */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "domain": "push.example.com",
                     *       "adapter": "nginx-rtmp",
                     *       "source": {
                     *         "url": "rtmp://push.example.com/{app}/{stream}"
                     *       },
                     *       "losslessStart": true,
                     *       "api": {
                     *         "url": "http://push.example.com:8088/stat"
                     *       },
                     *       "enabled": true,
                     *       "createdAt": "2026-11-22T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Domain"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["Internal"];
        };
    };
    replaceDomain: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description ETag of the version that is meant; `*`: whatever there is.
                 * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                 */
                "If-Match": string;
            };
            path: {
                /**
                 * @description A push domain.
                 * @example push.example.com
                 */
                domain: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "adapter": "nginx-rtmp",
                 *       "source": {
                 *         "url": "rtmp://push.example.com/{app}/{stream}"
                 *       },
                 *       "losslessStart": true,
                 *       "api": {
                 *         "url": "http://push.example.com:8088/stat"
                 *       }
                 *     }
                 */
                "application/json": {
                    /** @description A push domain. */
                    domain?: string;
                    /**
                     * @description Which ingest server calls, in its own format.
                     * @enum {string}
                     */
                    adapter: "node-media-server" | "nginx-rtmp" | "srs" | "mediamtx" | "webhook" | "ivs";
                    source: {
                        /** @description Where recorders pull streams from: an rtmp(s), rtsp(s), srt or http(s) URL with the placeholders `{app}` and `{stream}`. */
                        url: string;
                    };
                    /**
                     * @description A disabled domain accepts no new pushes.
                     * @default true
                     */
                    enabled?: boolean;
                    /**
                     * @description The answer to a publish callback waits, for a second at most, until a recorder is connected, so that the recording begins with the very first frame. Only for ingest servers that hold the publisher back until then.
                     * @default false
                     */
                    losslessStart?: boolean;
                    /** @description The ingest server's own API, which is asked what is live when callbacks may have been lost. */
                    api?: {
                        /** Format: uri */
                        url: string;
                        /** @description Applications of that server that are this domain's; absent: all, unless other domains name the same server. */
                        apps?: string[];
                    };
                    /** @description Standby content of its streams, for templates that record it: without `app` of all, with `app` of those of one app, with `stream` of one stream. The most specific one counts. */
                    standbys?: {
                        /** @description Name of an app or of a stream, as publishers give it. */
                        app?: string;
                        /** @description Name of an app or of a stream, as publishers give it. */
                        stream?: string;
                        standbyId: string;
                    }[];
                    /** @description What the ingest server proves itself with. Made for you when absent; shown once. */
                    secret?: string;
                };
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    /**
                     * @description Version of what is in the body. Send it as `If-Match` to change exactly this version.
                     * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                     */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "domain": "push.example.com",
                     *       "adapter": "nginx-rtmp",
                     *       "source": {
                     *         "url": "rtmp://push.example.com/{app}/{stream}"
                     *       },
                     *       "losslessStart": true,
                     *       "api": {
                     *         "url": "http://push.example.com:8088/stat"
                     *       },
                     *       "enabled": true,
                     *       "createdAt": "2026-11-22T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Domain"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            428: components["responses"]["PreconditionRequired"];
            500: components["responses"]["Internal"];
        };
    };
    deleteDomain: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description ETag of the version that is meant; `*`: whatever there is.
                 * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                 */
                "If-Match"?: string;
            };
            path: {
                /**
                 * @description A push domain.
                 * @example push.example.com
                 */
                domain: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            500: components["responses"]["Internal"];
        };
    };
    rotateDomainSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description A push domain.
                 * @example push.example.com
                 */
                domain: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": {
                    /** @description What the ingest server proves itself with. Made for you when absent; shown once. */
                    secret?: string;
                };
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    /**
                     * @description Version of what is in the body. Send it as `If-Match` to change exactly this version.
                     * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                     */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "domain": "push.example.com",
                     *       "adapter": "nginx-rtmp",
                     *       "source": {
                     *         "url": "rtmp://push.example.com/{app}/{stream}"
                     *       },
                     *       "losslessStart": true,
                     *       "api": {
                     *         "url": "http://push.example.com:8088/stat"
                     *       },
                     *       "enabled": true,
                     *       "createdAt": "2026-11-22T10:00:00.000Z",
                     *       "secret": "Jz8m1Q4yVw2nXc7pLr5tBk9sHd3fGa6eUo0iYqTxRvE"
                     *     }
                     */
                    "application/json": components["schemas"]["DomainWithSecret"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            500: components["responses"]["Internal"];
        };
    };
    listStorages: {
        parameters: {
            query?: {
                /**
                 * @description Most items of the answer.
                 * @example 50
                 */
                limit?: number;
                /** @description Where to go on: the `cursor` of the answer before, of the same list with the same filters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "name": "main",
                     *           "bucket": "my-recordings",
                     *           "region": "eu-central-1",
                     *           "credentials": {
                     *             "type": "role",
                     *             "roleArn": "arn:aws:iam::123456789012:role/streamkeep-recordings"
                     *           },
                     *           "storageId": "sto_01KAN2T8C5D4E3F2G1H0J9K8M7",
                     *           "checkedAt": "2026-11-22T12:00:00.000Z",
                     *           "createdAt": "2026-11-22T12:00:00.000Z",
                     *           "default": true
                     *         }
                     *       ],
                     *       "cursor": null
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["Storage"][];
                        /** @description Of the next page; null after the last one. */
                        cursor: string | null;
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            500: components["responses"]["Internal"];
        };
    };
    createStorage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "main",
                 *       "bucket": "my-recordings",
                 *       "region": "eu-central-1",
                 *       "credentials": {
                 *         "type": "role",
                 *         "roleArn": "arn:aws:iam::123456789012:role/streamkeep-recordings"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["StorageInput"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    /**
                     * @description Version of what is in the body. Send it as `If-Match` to change exactly this version.
                     * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                     */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "main",
                     *       "bucket": "my-recordings",
                     *       "region": "eu-central-1",
                     *       "credentials": {
                     *         "type": "role",
                     *         "roleArn": "arn:aws:iam::123456789012:role/streamkeep-recordings"
                     *       },
                     *       "storageId": "sto_01KAN2T8C5D4E3F2G1H0J9K8M7",
                     *       "checkedAt": "2026-11-22T12:00:00.000Z",
                     *       "createdAt": "2026-11-22T12:00:00.000Z",
                     *       "default": true
                     *     }
                     */
                    "application/json": components["schemas"]["Storage"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Unprocessable"];
            500: components["responses"]["Internal"];
        };
    };
    getStorage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example sto_01KAN2T8C5D4E3F2G1H0J9K8M7
                 */
                storageId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    /**
                     * @description Version of what is in the body. Send it as `If-Match` to change exactly this version.
                     * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                     */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "main",
                     *       "bucket": "my-recordings",
                     *       "region": "eu-central-1",
                     *       "credentials": {
                     *         "type": "role",
                     *         "roleArn": "arn:aws:iam::123456789012:role/streamkeep-recordings"
                     *       },
                     *       "storageId": "sto_01KAN2T8C5D4E3F2G1H0J9K8M7",
                     *       "checkedAt": "2026-11-22T12:00:00.000Z",
                     *       "createdAt": "2026-11-22T12:00:00.000Z",
                     *       "default": true
                     *     }
                     */
                    "application/json": components["schemas"]["Storage"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["Internal"];
        };
    };
    replaceStorage: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description ETag of the version that is meant; `*`: whatever there is.
                 * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                 */
                "If-Match": string;
            };
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example sto_01KAN2T8C5D4E3F2G1H0J9K8M7
                 */
                storageId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "archive",
                 *       "bucket": "my-recordings",
                 *       "region": "eu-central-1",
                 *       "credentials": {
                 *         "type": "role",
                 *         "roleArn": "arn:aws:iam::123456789012:role/streamkeep-recordings"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["StorageInput"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    /**
                     * @description Version of what is in the body. Send it as `If-Match` to change exactly this version.
                     * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                     */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "archive",
                     *       "bucket": "my-recordings",
                     *       "region": "eu-central-1",
                     *       "credentials": {
                     *         "type": "role",
                     *         "roleArn": "arn:aws:iam::123456789012:role/streamkeep-recordings"
                     *       },
                     *       "storageId": "sto_01KAN2T8C5D4E3F2G1H0J9K8M7",
                     *       "checkedAt": "2026-11-22T12:00:00.000Z",
                     *       "createdAt": "2026-11-22T12:00:00.000Z",
                     *       "default": true
                     *     }
                     */
                    "application/json": components["schemas"]["Storage"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["Unprocessable"];
            428: components["responses"]["PreconditionRequired"];
            500: components["responses"]["Internal"];
        };
    };
    deleteStorage: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description ETag of the version that is meant; `*`: whatever there is.
                 * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                 */
                "If-Match"?: string;
            };
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example sto_01KAN2T8C5D4E3F2G1H0J9K8M7
                 */
                storageId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            500: components["responses"]["Internal"];
        };
    };
    checkStorage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example sto_01KAN2T8C5D4E3F2G1H0J9K8M7
                 */
                storageId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    /**
                     * @description Version of what is in the body. Send it as `If-Match` to change exactly this version.
                     * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                     */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "main",
                     *       "bucket": "my-recordings",
                     *       "region": "eu-central-1",
                     *       "credentials": {
                     *         "type": "role",
                     *         "roleArn": "arn:aws:iam::123456789012:role/streamkeep-recordings"
                     *       },
                     *       "storageId": "sto_01KAN2T8C5D4E3F2G1H0J9K8M7",
                     *       "checkedAt": "2026-11-23T08:30:00.000Z",
                     *       "createdAt": "2026-11-22T12:00:00.000Z",
                     *       "default": true
                     *     }
                     */
                    "application/json": components["schemas"]["Storage"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["Unprocessable"];
            500: components["responses"]["Internal"];
        };
    };
    listTemplates: {
        parameters: {
            query?: {
                /**
                 * @description Most items of the answer.
                 * @example 20
                 */
                limit?: number;
                /** @description Where to go on: the `cursor` of the answer before, of the same list with the same filters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "name": "shows",
                     *           "description": "Evening shows",
                     *           "formats": {
                     *             "hls": {
                     *               "segmentSeconds": 6,
                     *               "resumptionTimeout": 60
                     *             },
                     *             "mp4": {
                     *               "maxMinutes": 120
                     *             }
                     *           },
                     *           "storage": {
                     *             "primary": "sto_01KAN2T8C5D4E3F2G1H0J9K8M7",
                     *             "backup": "sto_01KAN2TQW3E4R5T6Y7Z8X9C0V1"
                     *           },
                     *           "timeZone": "Europe/Berlin",
                     *           "path": "shows/{StreamID}/{StartYear}-{StartMonth}-{StartDay}/{StartHour}{StartMinute}{StartSecond}",
                     *           "retentionDays": 90,
                     *           "templateId": "tpl_01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *           "content": "origin",
                     *           "recordStandby": false,
                     *           "createdAt": "2026-11-22T10:00:00.000Z",
                     *           "updatedAt": "2026-11-22T10:00:00.000Z"
                     *         }
                     *       ],
                     *       "cursor": null
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["Template"][];
                        /** @description Of the next page; null after the last one. */
                        cursor: string | null;
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            500: components["responses"]["Internal"];
        };
    };
    createTemplate: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "shows",
                 *       "description": "Evening shows",
                 *       "formats": {
                 *         "hls": {
                 *           "segmentSeconds": 6,
                 *           "resumptionTimeout": 60
                 *         },
                 *         "mp4": {
                 *           "maxMinutes": 120
                 *         }
                 *       },
                 *       "storage": {
                 *         "primary": "sto_01KAN2T8C5D4E3F2G1H0J9K8M7",
                 *         "backup": "sto_01KAN2TQW3E4R5T6Y7Z8X9C0V1"
                 *       },
                 *       "timeZone": "Europe/Berlin",
                 *       "path": "shows/{StreamID}/{StartYear}-{StartMonth}-{StartDay}/{StartHour}{StartMinute}{StartSecond}",
                 *       "retentionDays": 90
                 *     }
                 */
                "application/json": components["schemas"]["TemplateInput"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    /**
                     * @description Version of what is in the body. Send it as `If-Match` to change exactly this version.
                     * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                     */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "shows",
                     *       "description": "Evening shows",
                     *       "formats": {
                     *         "hls": {
                     *           "segmentSeconds": 6,
                     *           "resumptionTimeout": 60
                     *         },
                     *         "mp4": {
                     *           "maxMinutes": 120
                     *         }
                     *       },
                     *       "storage": {
                     *         "primary": "sto_01KAN2T8C5D4E3F2G1H0J9K8M7",
                     *         "backup": "sto_01KAN2TQW3E4R5T6Y7Z8X9C0V1"
                     *       },
                     *       "timeZone": "Europe/Berlin",
                     *       "path": "shows/{StreamID}/{StartYear}-{StartMonth}-{StartDay}/{StartHour}{StartMinute}{StartSecond}",
                     *       "retentionDays": 90,
                     *       "templateId": "tpl_01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *       "content": "origin",
                     *       "recordStandby": false,
                     *       "createdAt": "2026-11-22T10:00:00.000Z",
                     *       "updatedAt": "2026-11-22T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Template"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            500: components["responses"]["Internal"];
        };
    };
    getTemplate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example tpl_01KAN2VXJ8Q6S5T4R3P2N1M0K9
                 */
                templateId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    /**
                     * @description Version of what is in the body. Send it as `If-Match` to change exactly this version.
                     * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                     */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "shows",
                     *       "description": "Evening shows",
                     *       "formats": {
                     *         "hls": {
                     *           "segmentSeconds": 6,
                     *           "resumptionTimeout": 60
                     *         },
                     *         "mp4": {
                     *           "maxMinutes": 120
                     *         }
                     *       },
                     *       "storage": {
                     *         "primary": "sto_01KAN2T8C5D4E3F2G1H0J9K8M7",
                     *         "backup": "sto_01KAN2TQW3E4R5T6Y7Z8X9C0V1"
                     *       },
                     *       "timeZone": "Europe/Berlin",
                     *       "path": "shows/{StreamID}/{StartYear}-{StartMonth}-{StartDay}/{StartHour}{StartMinute}{StartSecond}",
                     *       "retentionDays": 90,
                     *       "templateId": "tpl_01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *       "content": "origin",
                     *       "recordStandby": false,
                     *       "createdAt": "2026-11-22T10:00:00.000Z",
                     *       "updatedAt": "2026-11-22T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Template"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["Internal"];
        };
    };
    replaceTemplate: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description ETag of the version that is meant; `*`: whatever there is.
                 * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                 */
                "If-Match": string;
            };
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example tpl_01KAN2VXJ8Q6S5T4R3P2N1M0K9
                 */
                templateId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "shows",
                 *       "description": "Evening shows",
                 *       "formats": {
                 *         "hls": {
                 *           "segmentSeconds": 6,
                 *           "resumptionTimeout": 60
                 *         },
                 *         "mp4": {
                 *           "maxMinutes": 120
                 *         }
                 *       },
                 *       "storage": {
                 *         "primary": "sto_01KAN2T8C5D4E3F2G1H0J9K8M7",
                 *         "backup": "sto_01KAN2TQW3E4R5T6Y7Z8X9C0V1"
                 *       },
                 *       "timeZone": "Europe/Berlin",
                 *       "path": "shows/{StreamID}/{StartYear}-{StartMonth}-{StartDay}/{StartHour}{StartMinute}{StartSecond}",
                 *       "retentionDays": 90
                 *     }
                 */
                "application/json": components["schemas"]["TemplateInput"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    /**
                     * @description Version of what is in the body. Send it as `If-Match` to change exactly this version.
                     * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                     */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "shows",
                     *       "description": "Evening shows",
                     *       "formats": {
                     *         "hls": {
                     *           "segmentSeconds": 6,
                     *           "resumptionTimeout": 60
                     *         },
                     *         "mp4": {
                     *           "maxMinutes": 120
                     *         }
                     *       },
                     *       "storage": {
                     *         "primary": "sto_01KAN2T8C5D4E3F2G1H0J9K8M7",
                     *         "backup": "sto_01KAN2TQW3E4R5T6Y7Z8X9C0V1"
                     *       },
                     *       "timeZone": "Europe/Berlin",
                     *       "path": "shows/{StreamID}/{StartYear}-{StartMonth}-{StartDay}/{StartHour}{StartMinute}{StartSecond}",
                     *       "retentionDays": 90,
                     *       "templateId": "tpl_01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *       "content": "origin",
                     *       "recordStandby": false,
                     *       "createdAt": "2026-11-22T10:00:00.000Z",
                     *       "updatedAt": "2026-11-22T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Template"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            428: components["responses"]["PreconditionRequired"];
            500: components["responses"]["Internal"];
        };
    };
    deleteTemplate: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description ETag of the version that is meant; `*`: whatever there is.
                 * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                 */
                "If-Match"?: string;
            };
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example tpl_01KAN2VXJ8Q6S5T4R3P2N1M0K9
                 */
                templateId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            500: components["responses"]["Internal"];
        };
    };
    listWatermarks: {
        parameters: {
            query?: {
                /**
                 * @description Most items of the answer.
                 * @example 20
                 */
                limit?: number;
                /** @description Where to go on: the `cursor` of the answer before, of the same list with the same filters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "watermarkId": "wmk_01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *           "name": "logo",
                     *           "images": [
                     *             {
                     *               "xPercent": 88,
                     *               "yPercent": 4,
                     *               "widthPercent": 10,
                     *               "opacityPercent": 80,
                     *               "sha256": "3f0a1c5e7b9d2f4a6c8e0b1d3f5a7c9e1b3d5f7a9c0e2b4d6f8a1c3e5b7d9f01",
                     *               "contentType": "image/png",
                     *               "width": 320,
                     *               "height": 180,
                     *               "sizeBytes": 14230,
                     *               "url": "https://s3.eu-central-1.amazonaws.com/streamkeep-spool/watermarks/01KAN2VXJ8/3f0a1c5e7b9d2f4a6c8e0b1d3f5a7c9e1b3d5f7a9c0e2b4d6f8a1c3e5b7d9f01.png?X-Amz-Signature=..."
                     *             }
                     *           ],
                     *           "createdAt": "2026-11-22T10:00:00.000Z",
                     *           "updatedAt": "2026-11-22T10:00:00.000Z"
                     *         }
                     *       ],
                     *       "cursor": null
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["Watermark"][];
                        /** @description Of the next page; null after the last one. */
                        cursor: string | null;
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            500: components["responses"]["Internal"];
        };
    };
    createWatermark: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "logo",
                 *       "images": [
                 *         {
                 *           "xPercent": 88,
                 *           "yPercent": 4,
                 *           "widthPercent": 10,
                 *           "opacityPercent": 80,
                 *           "data": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg=="
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["WatermarkInput"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    /**
                     * @description Version of what is in the body. Send it as `If-Match` to change exactly this version.
                     * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                     */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "watermarkId": "wmk_01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *       "name": "logo",
                     *       "images": [
                     *         {
                     *           "xPercent": 88,
                     *           "yPercent": 4,
                     *           "widthPercent": 10,
                     *           "opacityPercent": 80,
                     *           "sha256": "3f0a1c5e7b9d2f4a6c8e0b1d3f5a7c9e1b3d5f7a9c0e2b4d6f8a1c3e5b7d9f01",
                     *           "contentType": "image/png",
                     *           "width": 320,
                     *           "height": 180,
                     *           "sizeBytes": 14230,
                     *           "url": "https://s3.eu-central-1.amazonaws.com/streamkeep-spool/watermarks/01KAN2VXJ8/3f0a1c5e7b9d2f4a6c8e0b1d3f5a7c9e1b3d5f7a9c0e2b4d6f8a1c3e5b7d9f01.png?X-Amz-Signature=..."
                     *         }
                     *       ],
                     *       "createdAt": "2026-11-22T10:00:00.000Z",
                     *       "updatedAt": "2026-11-22T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Watermark"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            500: components["responses"]["Internal"];
            502: components["responses"]["StorageFailed"];
        };
    };
    getWatermark: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example wmk_01KAN2VXJ8Q6S5T4R3P2N1M0K9
                 */
                watermarkId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    /**
                     * @description Version of what is in the body. Send it as `If-Match` to change exactly this version.
                     * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                     */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "watermarkId": "wmk_01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *       "name": "logo",
                     *       "images": [
                     *         {
                     *           "xPercent": 88,
                     *           "yPercent": 4,
                     *           "widthPercent": 10,
                     *           "opacityPercent": 80,
                     *           "sha256": "3f0a1c5e7b9d2f4a6c8e0b1d3f5a7c9e1b3d5f7a9c0e2b4d6f8a1c3e5b7d9f01",
                     *           "contentType": "image/png",
                     *           "width": 320,
                     *           "height": 180,
                     *           "sizeBytes": 14230,
                     *           "url": "https://s3.eu-central-1.amazonaws.com/streamkeep-spool/watermarks/01KAN2VXJ8/3f0a1c5e7b9d2f4a6c8e0b1d3f5a7c9e1b3d5f7a9c0e2b4d6f8a1c3e5b7d9f01.png?X-Amz-Signature=..."
                     *         }
                     *       ],
                     *       "createdAt": "2026-11-22T10:00:00.000Z",
                     *       "updatedAt": "2026-11-22T10:00:00.000Z",
                     *       "usedBy": [
                     *         "tpl_01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                     *       ]
                     *     }
                     */
                    "application/json": {
                        watermarkId: string;
                        name: string;
                        images: components["schemas"]["WatermarkImage"][];
                        /** Format: date-time */
                        createdAt: string;
                        /** Format: date-time */
                        updatedAt: string;
                        /** @description The templates that refer to it; the first 20 or so. */
                        usedBy: string[];
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["Internal"];
        };
    };
    replaceWatermark: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description ETag of the version that is meant; `*`: whatever there is.
                 * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                 */
                "If-Match": string;
            };
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example wmk_01KAN2VXJ8Q6S5T4R3P2N1M0K9
                 */
                watermarkId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "logo",
                 *       "images": [
                 *         {
                 *           "xPercent": 88,
                 *           "yPercent": 4,
                 *           "widthPercent": 10,
                 *           "opacityPercent": 80,
                 *           "data": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg=="
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["WatermarkInput"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    /**
                     * @description Version of what is in the body. Send it as `If-Match` to change exactly this version.
                     * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                     */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "watermarkId": "wmk_01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *       "name": "logo",
                     *       "images": [
                     *         {
                     *           "xPercent": 88,
                     *           "yPercent": 4,
                     *           "widthPercent": 10,
                     *           "opacityPercent": 80,
                     *           "sha256": "3f0a1c5e7b9d2f4a6c8e0b1d3f5a7c9e1b3d5f7a9c0e2b4d6f8a1c3e5b7d9f01",
                     *           "contentType": "image/png",
                     *           "width": 320,
                     *           "height": 180,
                     *           "sizeBytes": 14230,
                     *           "url": "https://s3.eu-central-1.amazonaws.com/streamkeep-spool/watermarks/01KAN2VXJ8/3f0a1c5e7b9d2f4a6c8e0b1d3f5a7c9e1b3d5f7a9c0e2b4d6f8a1c3e5b7d9f01.png?X-Amz-Signature=..."
                     *         }
                     *       ],
                     *       "createdAt": "2026-11-22T10:00:00.000Z",
                     *       "updatedAt": "2026-11-22T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Watermark"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            428: components["responses"]["PreconditionRequired"];
            500: components["responses"]["Internal"];
            502: components["responses"]["StorageFailed"];
        };
    };
    deleteWatermark: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description ETag of the version that is meant; `*`: whatever there is.
                 * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                 */
                "If-Match"?: string;
            };
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example wmk_01KAN2VXJ8Q6S5T4R3P2N1M0K9
                 */
                watermarkId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            500: components["responses"]["Internal"];
        };
    };
    listTranscodes: {
        parameters: {
            query?: {
                /**
                 * @description Most items of the answer.
                 * @example 20
                 */
                limit?: number;
                /** @description Where to go on: the `cursor` of the answer before, of the same list with the same filters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "name": "hd",
                     *           "video": {
                     *             "codec": "h264",
                     *             "bitrateKbps": 3000,
                     *             "height": 720,
                     *             "framesPerSecond": 30,
                     *             "gopSeconds": 2
                     *           },
                     *           "audio": {
                     *             "codec": "aac",
                     *             "bitrateKbps": 128
                     *           },
                     *           "transcodeId": "trc_01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *           "createdAt": "2026-11-22T10:00:00.000Z",
                     *           "updatedAt": "2026-11-22T10:00:00.000Z"
                     *         }
                     *       ],
                     *       "cursor": null
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["Transcode"][];
                        /** @description Of the next page; null after the last one. */
                        cursor: string | null;
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            500: components["responses"]["Internal"];
        };
    };
    createTranscode: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "hd",
                 *       "video": {
                 *         "codec": "h264",
                 *         "bitrateKbps": 3000,
                 *         "height": 720,
                 *         "framesPerSecond": 30
                 *       },
                 *       "audio": {
                 *         "codec": "aac",
                 *         "bitrateKbps": 128
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["TranscodeInput"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    /**
                     * @description Version of what is in the body. Send it as `If-Match` to change exactly this version.
                     * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                     */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "hd",
                     *       "video": {
                     *         "codec": "h264",
                     *         "bitrateKbps": 3000,
                     *         "height": 720,
                     *         "framesPerSecond": 30,
                     *         "gopSeconds": 2
                     *       },
                     *       "audio": {
                     *         "codec": "aac",
                     *         "bitrateKbps": 128
                     *       },
                     *       "transcodeId": "trc_01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *       "createdAt": "2026-11-22T10:00:00.000Z",
                     *       "updatedAt": "2026-11-22T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Transcode"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            500: components["responses"]["Internal"];
        };
    };
    getTranscode: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example trc_01KAN2VXJ8Q6S5T4R3P2N1M0K9
                 */
                transcodeId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    /**
                     * @description Version of what is in the body. Send it as `If-Match` to change exactly this version.
                     * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                     */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "hd",
                     *       "video": {
                     *         "codec": "h264",
                     *         "bitrateKbps": 3000,
                     *         "height": 720,
                     *         "framesPerSecond": 30,
                     *         "gopSeconds": 2
                     *       },
                     *       "audio": {
                     *         "codec": "aac",
                     *         "bitrateKbps": 128
                     *       },
                     *       "transcodeId": "trc_01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *       "createdAt": "2026-11-22T10:00:00.000Z",
                     *       "updatedAt": "2026-11-22T10:00:00.000Z",
                     *       "usedBy": [
                     *         "tpl_01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                     *       ]
                     *     }
                     */
                    "application/json": {
                        name: string;
                        /** @description What the picture is encoded as; absent: only the sound is recorded. */
                        video?: components["schemas"]["VideoEncoding"];
                        /** @description What the sound is encoded as. */
                        audio: components["schemas"]["AudioEncoding"];
                        transcodeId: string;
                        /** Format: date-time */
                        createdAt: string;
                        /** Format: date-time */
                        updatedAt: string;
                        /** @description The templates that refer to it; the first 20 or so. */
                        usedBy: string[];
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["Internal"];
        };
    };
    replaceTranscode: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description ETag of the version that is meant; `*`: whatever there is.
                 * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                 */
                "If-Match": string;
            };
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example trc_01KAN2VXJ8Q6S5T4R3P2N1M0K9
                 */
                transcodeId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "hd",
                 *       "video": {
                 *         "codec": "h264",
                 *         "bitrateKbps": 3000,
                 *         "height": 720,
                 *         "framesPerSecond": 30
                 *       },
                 *       "audio": {
                 *         "codec": "aac",
                 *         "bitrateKbps": 128
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["TranscodeInput"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    /**
                     * @description Version of what is in the body. Send it as `If-Match` to change exactly this version.
                     * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                     */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "hd",
                     *       "video": {
                     *         "codec": "h264",
                     *         "bitrateKbps": 3000,
                     *         "height": 720,
                     *         "framesPerSecond": 30,
                     *         "gopSeconds": 2
                     *       },
                     *       "audio": {
                     *         "codec": "aac",
                     *         "bitrateKbps": 128
                     *       },
                     *       "transcodeId": "trc_01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *       "createdAt": "2026-11-22T10:00:00.000Z",
                     *       "updatedAt": "2026-11-22T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Transcode"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            428: components["responses"]["PreconditionRequired"];
            500: components["responses"]["Internal"];
        };
    };
    deleteTranscode: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description ETag of the version that is meant; `*`: whatever there is.
                 * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                 */
                "If-Match"?: string;
            };
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example trc_01KAN2VXJ8Q6S5T4R3P2N1M0K9
                 */
                transcodeId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            500: components["responses"]["Internal"];
        };
    };
    listStandbys: {
        parameters: {
            query?: {
                /**
                 * @description Most items of the answer.
                 * @example 20
                 */
                limit?: number;
                /** @description Where to go on: the `cursor` of the answer before, of the same list with the same filters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "standbyId": "stb_01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *           "name": "back-soon",
                     *           "contentType": "image/png",
                     *           "width": 1920,
                     *           "height": 1080,
                     *           "sizeBytes": 204110,
                     *           "sha256": "9b1d3f5a7c9e1b3d5f7a9c0e2b4d6f8a1c3e5b7d9f013f0a1c5e7b9d2f4a6c8e",
                     *           "url": "https://s3.eu-central-1.amazonaws.com/streamkeep-spool/standbys/01KAN2VXJ8/9b1d3f5a7c9e1b3d5f7a9c0e2b4d6f8a1c3e5b7d9f013f0a1c5e7b9d2f4a6c8e.png?X-Amz-Signature=...",
                     *           "createdAt": "2026-11-22T10:00:00.000Z",
                     *           "updatedAt": "2026-11-22T10:00:00.000Z"
                     *         }
                     *       ],
                     *       "cursor": null
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["Standby"][];
                        /** @description Of the next page; null after the last one. */
                        cursor: string | null;
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            500: components["responses"]["Internal"];
        };
    };
    createStandby: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "back-soon",
                 *       "data": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg=="
                 *     }
                 */
                "application/json": components["schemas"]["StandbyInput"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    /**
                     * @description Version of what is in the body. Send it as `If-Match` to change exactly this version.
                     * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                     */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "standbyId": "stb_01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *       "name": "back-soon",
                     *       "contentType": "image/png",
                     *       "width": 1920,
                     *       "height": 1080,
                     *       "sizeBytes": 204110,
                     *       "sha256": "9b1d3f5a7c9e1b3d5f7a9c0e2b4d6f8a1c3e5b7d9f013f0a1c5e7b9d2f4a6c8e",
                     *       "url": "https://s3.eu-central-1.amazonaws.com/streamkeep-spool/standbys/01KAN2VXJ8/9b1d3f5a7c9e1b3d5f7a9c0e2b4d6f8a1c3e5b7d9f013f0a1c5e7b9d2f4a6c8e.png?X-Amz-Signature=...",
                     *       "createdAt": "2026-11-22T10:00:00.000Z",
                     *       "updatedAt": "2026-11-22T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Standby"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            500: components["responses"]["Internal"];
            502: components["responses"]["StorageFailed"];
        };
    };
    getStandby: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example stb_01KAN2VXJ8Q6S5T4R3P2N1M0K9
                 */
                standbyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    /**
                     * @description Version of what is in the body. Send it as `If-Match` to change exactly this version.
                     * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                     */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "standbyId": "stb_01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *       "name": "back-soon",
                     *       "contentType": "image/png",
                     *       "width": 1920,
                     *       "height": 1080,
                     *       "sizeBytes": 204110,
                     *       "sha256": "9b1d3f5a7c9e1b3d5f7a9c0e2b4d6f8a1c3e5b7d9f013f0a1c5e7b9d2f4a6c8e",
                     *       "url": "https://s3.eu-central-1.amazonaws.com/streamkeep-spool/standbys/01KAN2VXJ8/9b1d3f5a7c9e1b3d5f7a9c0e2b4d6f8a1c3e5b7d9f013f0a1c5e7b9d2f4a6c8e.png?X-Amz-Signature=...",
                     *       "createdAt": "2026-11-22T10:00:00.000Z",
                     *       "updatedAt": "2026-11-22T10:00:00.000Z",
                     *       "usedBy": [
                     *         "push.example.com"
                     *       ]
                     *     }
                     */
                    "application/json": {
                        standbyId: string;
                        name: string;
                        /** @description Of the file as it was sent. */
                        sha256: string;
                        /** @enum {string} */
                        contentType: "image/png" | "image/jpeg" | "video/mp4";
                        /** @description Of a video. */
                        durationSeconds?: number;
                        /** @description Of a video: whether there is sound to it. */
                        hasSound?: boolean;
                        /** @description In pixels. */
                        width: number;
                        /** @description In pixels. */
                        height: number;
                        sizeBytes: number;
                        /** Format: date-time */
                        createdAt: string;
                        /** Format: date-time */
                        updatedAt: string;
                        /** @description Shows it, without further credentials, for an hour. */
                        url: string;
                        /** @description The domains that name it; the first 20 or so. */
                        usedBy: string[];
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["Internal"];
        };
    };
    replaceStandby: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description ETag of the version that is meant; `*`: whatever there is.
                 * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                 */
                "If-Match": string;
            };
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example stb_01KAN2VXJ8Q6S5T4R3P2N1M0K9
                 */
                standbyId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "back-soon",
                 *       "data": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg=="
                 *     }
                 */
                "application/json": components["schemas"]["StandbyInput"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    /**
                     * @description Version of what is in the body. Send it as `If-Match` to change exactly this version.
                     * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                     */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "standbyId": "stb_01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *       "name": "back-soon",
                     *       "contentType": "image/png",
                     *       "width": 1920,
                     *       "height": 1080,
                     *       "sizeBytes": 204110,
                     *       "sha256": "9b1d3f5a7c9e1b3d5f7a9c0e2b4d6f8a1c3e5b7d9f013f0a1c5e7b9d2f4a6c8e",
                     *       "url": "https://s3.eu-central-1.amazonaws.com/streamkeep-spool/standbys/01KAN2VXJ8/9b1d3f5a7c9e1b3d5f7a9c0e2b4d6f8a1c3e5b7d9f013f0a1c5e7b9d2f4a6c8e.png?X-Amz-Signature=...",
                     *       "createdAt": "2026-11-22T10:00:00.000Z",
                     *       "updatedAt": "2026-11-22T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Standby"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            428: components["responses"]["PreconditionRequired"];
            500: components["responses"]["Internal"];
            502: components["responses"]["StorageFailed"];
        };
    };
    deleteStandby: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description ETag of the version that is meant; `*`: whatever there is.
                 * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                 */
                "If-Match"?: string;
            };
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example stb_01KAN2VXJ8Q6S5T4R3P2N1M0K9
                 */
                standbyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            500: components["responses"]["Internal"];
        };
    };
    listOrchestrations: {
        parameters: {
            query?: {
                /**
                 * @description Most items of the answer.
                 * @example 20
                 */
                limit?: number;
                /** @description Where to go on: the `cursor` of the answer before, of the same list with the same filters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "orchestrationId": "orc_01KAN2X5B6C7D8E9F0G1H2J3K4",
                     *           "name": "library",
                     *           "description": "",
                     *           "steps": [
                     *             {
                     *               "kind": "remux",
                     *               "name": "film",
                     *               "input": "source",
                     *               "maxAttempts": 3,
                     *               "format": "mp4",
                     *               "segmentSeconds": 10
                     *             },
                     *             {
                     *               "kind": "clip",
                     *               "name": "trailer",
                     *               "input": "film",
                     *               "maxAttempts": 3,
                     *               "format": "mp4",
                     *               "fromSeconds": 60,
                     *               "toSeconds": 90
                     *             },
                     *             {
                     *               "kind": "thumbnails",
                     *               "name": "pictures",
                     *               "input": "film",
                     *               "maxAttempts": 3,
                     *               "everySeconds": 30,
                     *               "width": 320
                     *             }
                     *           ],
                     *           "accepts": [
                     *             "hls",
                     *             "flv"
                     *           ],
                     *           "createdAt": "2026-11-22T10:00:00.000Z",
                     *           "updatedAt": "2026-11-22T10:00:00.000Z"
                     *         }
                     *       ],
                     *       "cursor": null
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["Orchestration"][];
                        /** @description Of the next page; null after the last one. */
                        cursor: string | null;
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            500: components["responses"]["Internal"];
        };
    };
    createOrchestration: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "library",
                 *       "steps": [
                 *         {
                 *           "kind": "remux",
                 *           "name": "film",
                 *           "format": "mp4"
                 *         },
                 *         {
                 *           "kind": "clip",
                 *           "name": "trailer",
                 *           "input": "film",
                 *           "fromSeconds": 60,
                 *           "toSeconds": 90
                 *         },
                 *         {
                 *           "kind": "thumbnails",
                 *           "name": "pictures",
                 *           "input": "film",
                 *           "everySeconds": 30
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["OrchestrationInput"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    /**
                     * @description Version of what is in the body. Send it as `If-Match` to change exactly this version.
                     * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                     */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "orchestrationId": "orc_01KAN2X5B6C7D8E9F0G1H2J3K4",
                     *       "name": "library",
                     *       "description": "",
                     *       "steps": [
                     *         {
                     *           "kind": "remux",
                     *           "name": "film",
                     *           "input": "source",
                     *           "maxAttempts": 3,
                     *           "format": "mp4",
                     *           "segmentSeconds": 10
                     *         },
                     *         {
                     *           "kind": "clip",
                     *           "name": "trailer",
                     *           "input": "film",
                     *           "maxAttempts": 3,
                     *           "format": "mp4",
                     *           "fromSeconds": 60,
                     *           "toSeconds": 90
                     *         },
                     *         {
                     *           "kind": "thumbnails",
                     *           "name": "pictures",
                     *           "input": "film",
                     *           "maxAttempts": 3,
                     *           "everySeconds": 30,
                     *           "width": 320
                     *         }
                     *       ],
                     *       "accepts": [
                     *         "hls",
                     *         "flv"
                     *       ],
                     *       "createdAt": "2026-11-22T10:00:00.000Z",
                     *       "updatedAt": "2026-11-22T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Orchestration"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            500: components["responses"]["Internal"];
        };
    };
    getOrchestration: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example orc_01KAN2X5B6C7D8E9F0G1H2J3K4
                 */
                orchestrationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    /**
                     * @description Version of what is in the body. Send it as `If-Match` to change exactly this version.
                     * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                     */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "orchestrationId": "orc_01KAN2X5B6C7D8E9F0G1H2J3K4",
                     *       "name": "library",
                     *       "description": "",
                     *       "steps": [
                     *         {
                     *           "kind": "remux",
                     *           "name": "film",
                     *           "input": "source",
                     *           "maxAttempts": 3,
                     *           "format": "mp4",
                     *           "segmentSeconds": 10
                     *         },
                     *         {
                     *           "kind": "clip",
                     *           "name": "trailer",
                     *           "input": "film",
                     *           "maxAttempts": 3,
                     *           "format": "mp4",
                     *           "fromSeconds": 60,
                     *           "toSeconds": 90
                     *         },
                     *         {
                     *           "kind": "thumbnails",
                     *           "name": "pictures",
                     *           "input": "film",
                     *           "maxAttempts": 3,
                     *           "everySeconds": 30,
                     *           "width": 320
                     *         }
                     *       ],
                     *       "accepts": [
                     *         "hls",
                     *         "flv"
                     *       ],
                     *       "createdAt": "2026-11-22T10:00:00.000Z",
                     *       "updatedAt": "2026-11-22T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Orchestration"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["Internal"];
        };
    };
    replaceOrchestration: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description ETag of the version that is meant; `*`: whatever there is.
                 * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                 */
                "If-Match": string;
            };
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example orc_01KAN2X5B6C7D8E9F0G1H2J3K4
                 */
                orchestrationId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "library",
                 *       "steps": [
                 *         {
                 *           "kind": "remux",
                 *           "name": "film",
                 *           "format": "mp4"
                 *         },
                 *         {
                 *           "kind": "clip",
                 *           "name": "trailer",
                 *           "input": "film",
                 *           "fromSeconds": 60,
                 *           "toSeconds": 90
                 *         },
                 *         {
                 *           "kind": "thumbnails",
                 *           "name": "pictures",
                 *           "input": "film",
                 *           "everySeconds": 30
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["OrchestrationInput"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    /**
                     * @description Version of what is in the body. Send it as `If-Match` to change exactly this version.
                     * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                     */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "orchestrationId": "orc_01KAN2X5B6C7D8E9F0G1H2J3K4",
                     *       "name": "library",
                     *       "description": "",
                     *       "steps": [
                     *         {
                     *           "kind": "remux",
                     *           "name": "film",
                     *           "input": "source",
                     *           "maxAttempts": 3,
                     *           "format": "mp4",
                     *           "segmentSeconds": 10
                     *         },
                     *         {
                     *           "kind": "clip",
                     *           "name": "trailer",
                     *           "input": "film",
                     *           "maxAttempts": 3,
                     *           "format": "mp4",
                     *           "fromSeconds": 60,
                     *           "toSeconds": 90
                     *         },
                     *         {
                     *           "kind": "thumbnails",
                     *           "name": "pictures",
                     *           "input": "film",
                     *           "maxAttempts": 3,
                     *           "everySeconds": 30,
                     *           "width": 320
                     *         }
                     *       ],
                     *       "accepts": [
                     *         "hls",
                     *         "flv"
                     *       ],
                     *       "createdAt": "2026-11-22T10:00:00.000Z",
                     *       "updatedAt": "2026-11-22T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Orchestration"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            428: components["responses"]["PreconditionRequired"];
            500: components["responses"]["Internal"];
        };
    };
    deleteOrchestration: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description ETag of the version that is meant; `*`: whatever there is.
                 * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                 */
                "If-Match"?: string;
            };
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example orc_01KAN2X5B6C7D8E9F0G1H2J3K4
                 */
                orchestrationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            500: components["responses"]["Internal"];
        };
    };
    listRules: {
        parameters: {
            query?: {
                /** @description Most items of the answer. */
                limit?: number;
                /** @description Where to go on: the `cursor` of the answer before, of the same list with the same filters. */
                cursor?: string;
                /**
                 * @description A push domain.
                 * @example push.example.com
                 */
                domain?: string;
                /**
                 * @description Name of an app or of a stream, as publishers give it.
                 * @example live
                 */
                app?: string;
                /** @description Name of an app or of a stream, as publishers give it. */
                stream?: string;
                /** @description Id, as it was given out. */
                templateId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "domain": "push.example.com",
                     *           "app": "live",
                     *           "templateId": "tpl_01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *           "ruleId": "rule_a1de2cd5b1c0f4e39875206d",
                     *           "createdAt": "2026-11-22T10:00:00.000Z"
                     *         }
                     *       ],
                     *       "cursor": null
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["Rule"][];
                        /** @description Of the next page; null after the last one. */
                        cursor: string | null;
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            500: components["responses"]["Internal"];
        };
    };
    createRule: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "domain": "push.example.com",
                 *       "app": "live",
                 *       "templateId": "tpl_01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                 *     }
                 */
                "application/json": components["schemas"]["RuleInput"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    /**
                     * @description Version of what is in the body. Send it as `If-Match` to change exactly this version.
                     * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                     */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "domain": "push.example.com",
                     *       "app": "live",
                     *       "templateId": "tpl_01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *       "ruleId": "rule_a1de2cd5b1c0f4e39875206d",
                     *       "createdAt": "2026-11-22T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Rule"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            500: components["responses"]["Internal"];
        };
    };
    createRules: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "domains": [
                 *         "push.example.com"
                 *       ],
                 *       "app": "live",
                 *       "templateId": "tpl_01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                 *     }
                 */
                "application/json": components["schemas"]["RulesInput"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "domain": "push.example.com",
                     *           "app": "live",
                     *           "templateId": "tpl_01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *           "ruleId": "rule_a1de2cd5b1c0f4e39875206d",
                     *           "createdAt": "2026-11-22T10:00:00.000Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["Rule"][];
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            500: components["responses"]["Internal"];
        };
    };
    matchRule: {
        parameters: {
            query: {
                /**
                 * @description A push domain.
                 * @example push.example.com
                 */
                domain: string;
                /**
                 * @description Name of an app or of a stream, as publishers give it.
                 * @example live
                 */
                app: string;
                /**
                 * @description Name of an app or of a stream, as publishers give it.
                 * @example show
                 */
                stream: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "rule": {
                     *         "domain": "push.example.com",
                     *         "app": "live",
                     *         "templateId": "tpl_01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *         "ruleId": "rule_a1de2cd5b1c0f4e39875206d",
                     *         "createdAt": "2026-11-22T10:00:00.000Z"
                     *       },
                     *       "template": {
                     *         "name": "shows",
                     *         "description": "Evening shows",
                     *         "formats": {
                     *           "hls": {
                     *             "segmentSeconds": 6,
                     *             "resumptionTimeout": 60
                     *           },
                     *           "mp4": {
                     *             "maxMinutes": 120
                     *           }
                     *         },
                     *         "storage": {
                     *           "primary": "sto_01KAN2T8C5D4E3F2G1H0J9K8M7",
                     *           "backup": "sto_01KAN2TQW3E4R5T6Y7Z8X9C0V1"
                     *         },
                     *         "timeZone": "Europe/Berlin",
                     *         "path": "shows/{StreamID}/{StartYear}-{StartMonth}-{StartDay}/{StartHour}{StartMinute}{StartSecond}",
                     *         "retentionDays": 90,
                     *         "templateId": "tpl_01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *         "content": "origin",
                     *         "recordStandby": false,
                     *         "createdAt": "2026-11-22T10:00:00.000Z",
                     *         "updatedAt": "2026-11-22T10:00:00.000Z"
                     *       },
                     *       "recorded": true,
                     *       "reason": null
                     *     }
                     */
                    "application/json": {
                        rule: components["schemas"]["Rule"] | null;
                        template: components["schemas"]["Template"] | null;
                        recorded: boolean;
                        reason: string | null;
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            500: components["responses"]["Internal"];
        };
    };
    getRule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example rule_a1de2cd5b1c0f4e39875206d
                 */
                ruleId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    /**
                     * @description Version of what is in the body. Send it as `If-Match` to change exactly this version.
                     * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                     */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "domain": "push.example.com",
                     *       "app": "live",
                     *       "templateId": "tpl_01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *       "ruleId": "rule_a1de2cd5b1c0f4e39875206d",
                     *       "createdAt": "2026-11-22T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Rule"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["Internal"];
        };
    };
    rebindRule: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description ETag of the version that is meant; `*`: whatever there is.
                 * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                 */
                "If-Match": string;
            };
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example rule_a1de2cd5b1c0f4e39875206d
                 */
                ruleId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "templateId": "tpl_01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                 *     }
                 */
                "application/json": {
                    templateId: string;
                };
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    /**
                     * @description Version of what is in the body. Send it as `If-Match` to change exactly this version.
                     * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                     */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "domain": "push.example.com",
                     *       "app": "live",
                     *       "templateId": "tpl_01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *       "ruleId": "rule_a1de2cd5b1c0f4e39875206d",
                     *       "createdAt": "2026-11-22T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Rule"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            428: components["responses"]["PreconditionRequired"];
            500: components["responses"]["Internal"];
        };
    };
    deleteRule: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description ETag of the version that is meant; `*`: whatever there is.
                 * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                 */
                "If-Match"?: string;
            };
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example rule_a1de2cd5b1c0f4e39875206d
                 */
                ruleId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            500: components["responses"]["Internal"];
        };
    };
    listTasks: {
        parameters: {
            query?: {
                /** @description Most items of the answer. */
                limit?: number;
                /** @description Where to go on: the `cursor` of the answer before, of the same list with the same filters. */
                cursor?: string;
                /** @description A push domain. */
                domain?: string;
                /** @description Name of an app or of a stream, as publishers give it. */
                app?: string;
                /**
                 * @description Name of an app or of a stream, as publishers give it.
                 * @example show
                 */
                stream?: string;
                /**
                 * @description Those in this state.
                 * @example scheduled
                 */
                state?: "scheduled" | "waiting" | "recording" | "completed" | "missed" | "stopped" | "failed";
                /** @description Those that start at this time or later. */
                from?: string;
                /** @description Those that start at this time or earlier. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "domain": "push.example.com",
                     *           "app": "live",
                     *           "stream": "show",
                     *           "templateId": "tpl_01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *           "startTime": "2026-11-22T20:00:00.000Z",
                     *           "endTime": "2026-11-22T21:30:00.000Z",
                     *           "taskId": "tsk_01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *           "state": "scheduled",
                     *           "reason": null,
                     *           "recordIds": [],
                     *           "createdAt": "2026-11-22T10:00:00.000Z"
                     *         }
                     *       ],
                     *       "cursor": null
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["Task"][];
                        /** @description Of the next page; null after the last one. */
                        cursor: string | null;
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            500: components["responses"]["Internal"];
        };
    };
    createTask: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "domain": "push.example.com",
                 *       "app": "live",
                 *       "stream": "show",
                 *       "templateId": "tpl_01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                 *       "startTime": "2026-11-22T20:00:00.000Z",
                 *       "endTime": "2026-11-22T21:30:00.000Z"
                 *     }
                 */
                "application/json": components["schemas"]["TaskInput"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "domain": "push.example.com",
                     *       "app": "live",
                     *       "stream": "show",
                     *       "templateId": "tpl_01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *       "startTime": "2026-11-22T20:00:00.000Z",
                     *       "endTime": "2026-11-22T21:30:00.000Z",
                     *       "taskId": "tsk_01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *       "state": "scheduled",
                     *       "reason": null,
                     *       "recordIds": [],
                     *       "createdAt": "2026-11-22T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Task"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            500: components["responses"]["Internal"];
        };
    };
    getTask: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example tsk_01KAN2VXJ8Q6S5T4R3P2N1M0K9
                 */
                taskId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "domain": "push.example.com",
                     *       "app": "live",
                     *       "stream": "show",
                     *       "templateId": "tpl_01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *       "startTime": "2026-11-22T20:00:00.000Z",
                     *       "endTime": "2026-11-22T21:30:00.000Z",
                     *       "taskId": "tsk_01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *       "state": "scheduled",
                     *       "reason": null,
                     *       "recordIds": [],
                     *       "createdAt": "2026-11-22T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Task"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["Internal"];
        };
    };
    deleteTask: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example tsk_01KAN2VXJ8Q6S5T4R3P2N1M0K9
                 */
                taskId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            500: components["responses"]["Internal"];
        };
    };
    stopTask: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example tsk_01KAN2VXJ8Q6S5T4R3P2N1M0K9
                 */
                taskId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Begun. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "domain": "push.example.com",
                     *       "app": "live",
                     *       "stream": "show",
                     *       "templateId": "tpl_01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *       "startTime": "2026-11-22T20:00:00.000Z",
                     *       "endTime": "2026-11-22T21:30:00.000Z",
                     *       "taskId": "tsk_01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *       "state": "stopped",
                     *       "reason": {
                     *         "cause": "user",
                     *         "code": "task-stopped",
                     *         "text": "The task was stopped by request."
                     *       },
                     *       "recordIds": [],
                     *       "createdAt": "2026-11-22T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Task"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            500: components["responses"]["Internal"];
        };
    };
    listStreams: {
        parameters: {
            query?: {
                /** @description Most items of the answer. */
                limit?: number;
                /** @description Where to go on: the `cursor` of the answer before, of the same list with the same filters. */
                cursor?: string;
                /** @description `false`: those that have ended in the last 30 days. */
                live?: "true" | "false";
                /**
                 * @description A push domain.
                 * @example push.example.com
                 */
                domain?: string;
                /** @description Name of an app or of a stream, as publishers give it. */
                app?: string;
                /** @description Name of an app or of a stream, as publishers give it. */
                stream?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "domain": "push.example.com",
                     *           "app": "live",
                     *           "stream": "show",
                     *           "sessionId": "01KAN2VXJ8Q6S5T4R3P2N1M0K8",
                     *           "live": true,
                     *           "startedAt": "2026-11-22T10:00:00.000Z",
                     *           "endedAt": null,
                     *           "notRecorded": null,
                     *           "recordIds": [
                     *             "rec_5f2c0e7b9d1a4c38b6e07f91a2"
                     *           ],
                     *           "recordings": [
                     *             {
                     *               "recordId": "rec_5f2c0e7b9d1a4c38b6e07f91a2",
                     *               "taskId": null,
                     *               "templateId": "01KAN2VXJ8Q6S5T4R3P2N1M0K7",
                     *               "state": "recording",
                     *               "progress": {
                     *                 "at": "2026-11-22T10:14:58.000Z",
                     *                 "receivedBytes": 449200128,
                     *                 "durationSeconds": 897.2,
                     *                 "bitsPerSecond": 4012000,
                     *                 "lastKeyFrameAgeSeconds": 0.84,
                     *                 "location": "primary"
                     *               },
                     *               "media": {
                     *                 "videoCodec": "h264",
                     *                 "width": 1920,
                     *                 "height": 1080,
                     *                 "framesPerSecond": 30,
                     *                 "audioCodec": "aac",
                     *                 "audioSampleRate": 48000,
                     *                 "audioChannels": 2
                     *               },
                     *               "thumbnails": {
                     *                 "latestUrl": "https://my-recordings.s3.eu-central-1.amazonaws.com/shows/show/2026-11-22/100000/latest.jpg?X-Amz-Signature=5d672d",
                     *                 "cuesUrl": "https://api.example.com/v1/recordings/rec_5f1d2a9c5b7e48d6a0c4f8e2b6/thumbnails.vtt?expires=1795345200&signature=rDkVWBc0"
                     *               }
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "cursor": null
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["Stream"][];
                        /** @description Of the next page; null after the last one. */
                        cursor: string | null;
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            500: components["responses"]["Internal"];
        };
    };
    listRecordings: {
        parameters: {
            query?: {
                /** @description Most items of the answer. */
                limit?: number;
                /** @description Where to go on: the `cursor` of the answer before, of the same list with the same filters. */
                cursor?: string;
                /**
                 * @description Name of an app or of a stream, as publishers give it.
                 * @example show
                 */
                stream?: string;
                /** @description A push domain. */
                domain?: string;
                /** @description Name of an app or of a stream, as publishers give it. */
                app?: string;
                /** @description Those in this state. */
                state?: "recording" | "paused" | "completing" | "completed" | "failed";
                /** @description Id, as it was given out. */
                taskId?: string;
                /** @description Those that started at this time or later. */
                from?: string;
                /** @description Those that started at this time or earlier. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "recordId": "rec_5f1d7a84e6ab0c3d92e8f47b10",
                     *           "domain": "push.example.com",
                     *           "app": "live",
                     *           "stream": "show",
                     *           "sessionId": "ses_01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *           "state": "recording",
                     *           "startedAt": "2026-11-22T10:00:00.000Z",
                     *           "templateId": "tpl_01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *           "taskId": null,
                     *           "formats": [
                     *             "hls",
                     *             "mp4"
                     *           ],
                     *           "content": "origin",
                     *           "contentReason": null,
                     *           "encoding": null,
                     *           "endedAt": null,
                     *           "reason": null,
                     *           "trouble": null,
                     *           "pausedUntil": null,
                     *           "media": {
                     *             "videoCodec": "h264",
                     *             "width": 1920,
                     *             "height": 1080,
                     *             "audioCodec": "aac"
                     *           },
                     *           "progress": {
                     *             "at": "2026-11-22T10:14:58.000Z",
                     *             "receivedBytes": 449200128,
                     *             "durationSeconds": 897.2,
                     *             "bitsPerSecond": 4012000,
                     *             "lastKeyFrameAgeSeconds": 0.84,
                     *             "location": "primary"
                     *           },
                     *           "manifest": null,
                     *           "thumbnails": {
                     *             "latestUrl": "https://my-recordings.s3.eu-central-1.amazonaws.com/shows/show/2026-11-22/100000/latest.jpg?X-Amz-Signature=5d672d",
                     *             "cuesUrl": "https://api.example.com/v1/recordings/rec_5f1d2a9c5b7e48d6a0c4f8e2b6/thumbnails.vtt?expires=1795345200&signature=rDkVWBc0"
                     *           },
                     *           "deletion": null,
                     *           "expiredAt": null
                     *         }
                     *       ],
                     *       "cursor": null
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["Recording"][];
                        /** @description Of the next page; null after the last one. */
                        cursor: string | null;
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            500: components["responses"]["Internal"];
        };
    };
    getRecording: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example rec_5f1d7a84e6ab0c3d92e8f47b10
                 */
                recordId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "recordId": "rec_5f1d7a84e6ab0c3d92e8f47b10",
                     *       "domain": "push.example.com",
                     *       "app": "live",
                     *       "stream": "show",
                     *       "sessionId": "ses_01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *       "state": "recording",
                     *       "startedAt": "2026-11-22T10:00:00.000Z",
                     *       "templateId": "tpl_01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *       "taskId": null,
                     *       "formats": [
                     *         "hls",
                     *         "mp4"
                     *       ],
                     *       "content": "origin",
                     *       "contentReason": null,
                     *       "encoding": null,
                     *       "endedAt": null,
                     *       "reason": null,
                     *       "trouble": null,
                     *       "pausedUntil": null,
                     *       "media": {
                     *         "videoCodec": "h264",
                     *         "width": 1920,
                     *         "height": 1080,
                     *         "audioCodec": "aac"
                     *       },
                     *       "progress": {
                     *         "at": "2026-11-22T10:14:58.000Z",
                     *         "receivedBytes": 449200128,
                     *         "durationSeconds": 897.2,
                     *         "bitsPerSecond": 4012000,
                     *         "lastKeyFrameAgeSeconds": 0.84,
                     *         "location": "primary"
                     *       },
                     *       "manifest": null,
                     *       "thumbnails": {
                     *         "latestUrl": "https://my-recordings.s3.eu-central-1.amazonaws.com/shows/show/2026-11-22/100000/latest.jpg?X-Amz-Signature=5d672d",
                     *         "cuesUrl": "https://api.example.com/v1/recordings/rec_5f1d2a9c5b7e48d6a0c4f8e2b6/thumbnails.vtt?expires=1795345200&signature=rDkVWBc0"
                     *       },
                     *       "deletion": null,
                     *       "expiredAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["Recording"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["Internal"];
        };
    };
    deleteRecording: {
        parameters: {
            query?: {
                /**
                 * @description `true`: every object of it is deleted from its bucket, and this cannot be undone. `false`: they all stay, and Streamkeep forgets them.
                 * @example true
                 */
                objects?: "true" | "false";
            };
            header?: never;
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example rec_5f1d7a84e6ab0c3d92e8f47b10
                 */
                recordId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Begun. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "recordId": "rec_5f1d7a84e6ab0c3d92e8f47b10",
                     *       "domain": "push.example.com",
                     *       "app": "live",
                     *       "stream": "show",
                     *       "sessionId": "ses_01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *       "state": "completed",
                     *       "startedAt": "2026-11-22T10:00:00.000Z",
                     *       "templateId": "tpl_01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *       "taskId": null,
                     *       "formats": [
                     *         "hls",
                     *         "mp4"
                     *       ],
                     *       "content": "origin",
                     *       "contentReason": null,
                     *       "encoding": null,
                     *       "endedAt": "2026-11-22T11:00:00.000Z",
                     *       "reason": {
                     *         "cause": "source",
                     *         "code": "session-ended",
                     *         "text": "The stream ended."
                     *       },
                     *       "trouble": null,
                     *       "pausedUntil": null,
                     *       "media": {
                     *         "videoCodec": "h264",
                     *         "width": 1920,
                     *         "height": 1080,
                     *         "audioCodec": "aac"
                     *       },
                     *       "progress": null,
                     *       "manifest": null,
                     *       "thumbnails": {
                     *         "latestUrl": "https://my-recordings.s3.eu-central-1.amazonaws.com/shows/show/2026-11-22/100000/latest.jpg?X-Amz-Signature=5d672d",
                     *         "cuesUrl": "https://api.example.com/v1/recordings/rec_5f1d2a9c5b7e48d6a0c4f8e2b6/thumbnails.vtt?expires=1795345200&signature=rDkVWBc0"
                     *       },
                     *       "deletion": {
                     *         "requestedAt": "2026-11-22T12:00:00.000Z",
                     *         "objects": true,
                     *         "record": true,
                     *         "failures": 0,
                     *         "reason": null,
                     *         "nextTryAt": "2026-11-22T12:20:00.000Z"
                     *       },
                     *       "expiredAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["Recording"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            500: components["responses"]["Internal"];
        };
    };
    stopRecording: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example rec_5f1d7a84e6ab0c3d92e8f47b10
                 */
                recordId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Begun. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "recordId": "rec_5f1d7a84e6ab0c3d92e8f47b10",
                     *       "domain": "push.example.com",
                     *       "app": "live",
                     *       "stream": "show",
                     *       "sessionId": "ses_01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *       "state": "recording",
                     *       "startedAt": "2026-11-22T10:00:00.000Z",
                     *       "templateId": "tpl_01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *       "taskId": null,
                     *       "formats": [
                     *         "hls",
                     *         "mp4"
                     *       ],
                     *       "content": "origin",
                     *       "contentReason": null,
                     *       "encoding": null,
                     *       "endedAt": null,
                     *       "reason": null,
                     *       "trouble": null,
                     *       "pausedUntil": null,
                     *       "media": {
                     *         "videoCodec": "h264",
                     *         "width": 1920,
                     *         "height": 1080,
                     *         "audioCodec": "aac"
                     *       },
                     *       "progress": {
                     *         "at": "2026-11-22T10:14:58.000Z",
                     *         "receivedBytes": 449200128,
                     *         "durationSeconds": 897.2,
                     *         "bitsPerSecond": 4012000,
                     *         "lastKeyFrameAgeSeconds": 0.84,
                     *         "location": "primary"
                     *       },
                     *       "manifest": null,
                     *       "thumbnails": {
                     *         "latestUrl": "https://my-recordings.s3.eu-central-1.amazonaws.com/shows/show/2026-11-22/100000/latest.jpg?X-Amz-Signature=5d672d",
                     *         "cuesUrl": "https://api.example.com/v1/recordings/rec_5f1d2a9c5b7e48d6a0c4f8e2b6/thumbnails.vtt?expires=1795345200&signature=rDkVWBc0"
                     *       },
                     *       "deletion": null,
                     *       "expiredAt": null
                     *     }
                     */
                    "application/json": components["schemas"]["Recording"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            500: components["responses"]["Internal"];
        };
    };
    getThumbnails: {
        parameters: {
            query: {
                /**
                 * @description When the link ends: seconds since 1970.
                 * @example 1795345200
                 */
                expires: number;
                /**
                 * @description Of the link, as it was given out.
                 * @example rDkVWBc0m7O3mLcRpJ1hYw9Q0e8s5tXb2uZaGfKnEiM
                 */
                signature: string;
            };
            header?: never;
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example 01KAN2VXJ8Q6S5T4R3P2N1M0K9
                 */
                recordId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/vtt": string;
                };
            };
            400: components["responses"]["InvalidRequest"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["Internal"];
            502: components["responses"]["StorageFailed"];
        };
    };
    listFiles: {
        parameters: {
            query?: {
                /** @description Most items of the answer. */
                limit?: number;
                /** @description Where to go on: the `cursor` of the answer before, of the same list with the same filters. */
                cursor?: string;
            };
            header?: never;
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example 01KAN2VXJ8Q6S5T4R3P2N1M0K9
                 */
                recordId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "fileId": "0001-mp4",
                     *           "format": "mp4",
                     *           "bucket": "my-recordings",
                     *           "region": "eu-central-1",
                     *           "key": "shows/show/2026-11-22/100000.mp4",
                     *           "state": "ready",
                     *           "location": "primary",
                     *           "sizeBytes": 943718400,
                     *           "durationSeconds": 1800.04,
                     *           "startedAt": "2026-11-22T10:00:00.000Z",
                     *           "locatedAt": "2026-11-22T10:00:00.000Z",
                     *           "readyAt": "2026-11-22T10:30:01.200Z",
                     *           "reason": null,
                     *           "url": "https://my-recordings.s3.eu-central-1.amazonaws.com/shows/show/2026-11-22/100000.mp4?X-Amz-Signature=5d672d"
                     *         }
                     *       ],
                     *       "cursor": null
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["File"][];
                        /** @description Of the next page; null after the last one. */
                        cursor: string | null;
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["Internal"];
        };
    };
    getPlaylist: {
        parameters: {
            query: {
                /**
                 * @description When the link ends: seconds since 1970.
                 * @example 1795345200
                 */
                expires: number;
                /**
                 * @description Of the link, as it was given out.
                 * @example rDkVWBc0m7O3mLcRpJ1hYw9Q0e8s5tXb2uZaGfKnEiM
                 */
                signature: string;
            };
            header?: never;
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example 01KAN2VXJ8Q6S5T4R3P2N1M0K9
                 */
                recordId: string;
                /**
                 * @description Id, as it was given out.
                 * @example 0001-hls
                 */
                fileId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.apple.mpegurl": string;
                };
            };
            400: components["responses"]["InvalidRequest"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["Internal"];
            502: components["responses"]["StorageFailed"];
        };
    };
    listPostProcessing: {
        parameters: {
            query?: {
                /** @description Most items of the answer. */
                limit?: number;
                /** @description Where to go on: the `cursor` of the answer before, of the same list with the same filters. */
                cursor?: string;
            };
            header?: never;
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example 01KAN2VXJ8Q6S5T4R3P2N1M0K9
                 */
                recordId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "runId": "run_0001-hls-0001_5b1e0c2f9a37",
                     *           "recordId": "01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *           "format": "hls",
                     *           "fileId": "0001-hls-0001",
                     *           "orchestrationId": "orc_01KAN2X5B6C7D8E9F0G1H2J3K4",
                     *           "orchestrationName": "library",
                     *           "state": "running",
                     *           "percent": 62,
                     *           "createdAt": "2026-11-22T11:00:01.000Z",
                     *           "endedAt": null,
                     *           "steps": [
                     *             {
                     *               "name": "film",
                     *               "kind": "remux",
                     *               "input": "source",
                     *               "state": "running",
                     *               "percent": 62,
                     *               "attempts": 1,
                     *               "startedAt": "2026-11-22T11:00:02.000Z",
                     *               "endedAt": null,
                     *               "seconds": null,
                     *               "nextTryAt": null,
                     *               "reason": null,
                     *               "output": null,
                     *               "files": []
                     *             }
                     *           ]
                     *         }
                     *       ],
                     *       "cursor": null
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["PostProcessingRun"][];
                        /** @description Of the next page; null after the last one. */
                        cursor: string | null;
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["Internal"];
        };
    };
    getPostProcessing: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example 01KAN2VXJ8Q6S5T4R3P2N1M0K9
                 */
                recordId: string;
                /**
                 * @description Id, as it was given out.
                 * @example run_0001-hls-0001_5b1e0c2f9a37
                 */
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "runId": "run_0001-hls-0001_5b1e0c2f9a37",
                     *       "recordId": "01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *       "format": "hls",
                     *       "fileId": "0001-hls-0001",
                     *       "orchestrationId": "orc_01KAN2X5B6C7D8E9F0G1H2J3K4",
                     *       "orchestrationName": "library",
                     *       "state": "running",
                     *       "percent": 62,
                     *       "createdAt": "2026-11-22T11:00:01.000Z",
                     *       "endedAt": null,
                     *       "steps": [
                     *         {
                     *           "name": "film",
                     *           "kind": "remux",
                     *           "input": "source",
                     *           "state": "running",
                     *           "percent": 62,
                     *           "attempts": 1,
                     *           "startedAt": "2026-11-22T11:00:02.000Z",
                     *           "endedAt": null,
                     *           "seconds": null,
                     *           "nextTryAt": null,
                     *           "reason": null,
                     *           "output": null,
                     *           "files": []
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["PostProcessingRun"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["Internal"];
        };
    };
    cancelPostProcessing: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example 01KAN2VXJ8Q6S5T4R3P2N1M0K9
                 */
                recordId: string;
                /**
                 * @description Id, as it was given out.
                 * @example run_0001-hls-0001_5b1e0c2f9a37
                 */
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "runId": "run_0001-hls-0001_5b1e0c2f9a37",
                     *       "recordId": "01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *       "format": "hls",
                     *       "fileId": "0001-hls-0001",
                     *       "orchestrationId": "orc_01KAN2X5B6C7D8E9F0G1H2J3K4",
                     *       "orchestrationName": "library",
                     *       "state": "cancelled",
                     *       "percent": 62,
                     *       "createdAt": "2026-11-22T11:00:01.000Z",
                     *       "endedAt": null,
                     *       "steps": [
                     *         {
                     *           "name": "film",
                     *           "kind": "remux",
                     *           "input": "source",
                     *           "state": "running",
                     *           "percent": 62,
                     *           "attempts": 1,
                     *           "startedAt": "2026-11-22T11:00:02.000Z",
                     *           "endedAt": null,
                     *           "seconds": null,
                     *           "nextTryAt": null,
                     *           "reason": null,
                     *           "output": null,
                     *           "files": []
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["PostProcessingRun"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            500: components["responses"]["Internal"];
        };
    };
    runPostProcessingAgain: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example 01KAN2VXJ8Q6S5T4R3P2N1M0K9
                 */
                recordId: string;
                /**
                 * @description Id, as it was given out.
                 * @example run_0001-hls-0001_5b1e0c2f9a37
                 */
                runId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "runId": "run_0001-hls-0001_5b1e0c2f9a37",
                     *       "recordId": "01KAN2VXJ8Q6S5T4R3P2N1M0K9",
                     *       "format": "hls",
                     *       "fileId": "0001-hls-0001",
                     *       "orchestrationId": "orc_01KAN2X5B6C7D8E9F0G1H2J3K4",
                     *       "orchestrationName": "library",
                     *       "state": "running",
                     *       "percent": 62,
                     *       "createdAt": "2026-11-22T11:00:01.000Z",
                     *       "endedAt": null,
                     *       "steps": [
                     *         {
                     *           "name": "film",
                     *           "kind": "remux",
                     *           "input": "source",
                     *           "state": "running",
                     *           "percent": 62,
                     *           "attempts": 1,
                     *           "startedAt": "2026-11-22T11:00:02.000Z",
                     *           "endedAt": null,
                     *           "seconds": null,
                     *           "nextTryAt": null,
                     *           "reason": null,
                     *           "output": null,
                     *           "files": []
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["PostProcessingRun"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            500: components["responses"]["Internal"];
        };
    };
    reportStepResult: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example 01KAN2VXJ8Q6S5T4R3P2N1M0K9
                 */
                recordId: string;
                /**
                 * @description Id, as it was given out.
                 * @example run_0001-hls-0001_5b1e0c2f9a37
                 */
                runId: string;
                /**
                 * @description Id, as it was given out.
                 * @example index
                 */
                step: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "status": "succeeded",
                 *       "token": "Jz8m1Q4yVw2nXc7pLr5tBk9sHd3fGa6eUo0iYqTxRvE",
                 *       "files": [
                 *         {
                 *           "key": "shows/1-mp4-index/labels.json",
                 *           "sizeBytes": 18230
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["StepResultInput"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "accepted": true,
                     *       "state": "succeeded"
                     *     }
                     */
                    "application/json": components["schemas"]["StepResultAnswer"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            500: components["responses"]["Internal"];
        };
    };
    listCallbacks: {
        parameters: {
            query?: {
                /** @description Most items of the answer. */
                limit?: number;
                /** @description Where to go on: the `cursor` of the answer before, of the same list with the same filters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "callbackId": "cbk_01JDA1B2C3D4E5F6G7H8J9K0MN",
                     *           "name": "library",
                     *           "url": "https://hooks.example.com/streamkeep",
                     *           "events": [
                     *             "file.ready",
                     *             "recording.ended"
                     *           ],
                     *           "enabled": true,
                     *           "previousSecretUntil": null,
                     *           "createdAt": "2026-11-22T10:00:00.000Z",
                     *           "updatedAt": "2026-11-22T10:00:00.000Z"
                     *         }
                     *       ],
                     *       "cursor": null
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["Callback"][];
                        /** @description Of the next page; null after the last one. */
                        cursor: string | null;
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            500: components["responses"]["Internal"];
        };
    };
    createCallback: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "library",
                 *       "url": "https://hooks.example.com/streamkeep",
                 *       "events": [
                 *         "file.ready",
                 *         "recording.ended"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["CallbackInput"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    /**
                     * @description Version of what is in the body. Send it as `If-Match` to change exactly this version.
                     * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                     */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "callbackId": "cbk_01JDA1B2C3D4E5F6G7H8J9K0MN",
                     *       "name": "library",
                     *       "url": "https://hooks.example.com/streamkeep",
                     *       "events": [
                     *         "file.ready",
                     *         "recording.ended"
                     *       ],
                     *       "enabled": true,
                     *       "previousSecretUntil": null,
                     *       "createdAt": "2026-11-22T10:00:00.000Z",
                     *       "updatedAt": "2026-11-22T10:00:00.000Z",
                     *       "secret": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
                     *     }
                     */
                    "application/json": {
                        callbackId: string;
                        name: string;
                        url: string;
                        /** @description Events that are sent; absent: all. */
                        events?: components["schemas"]["CallbackEvent"][];
                        /** @description Push domains whose recordings are told of; absent: all. */
                        domains?: string[];
                        /** @default true */
                        enabled: boolean;
                        /** @description How long an earlier secret signs beside the new one; null when there is none. */
                        previousSecretUntil: string | null;
                        /** Format: date-time */
                        createdAt: string;
                        /** Format: date-time */
                        updatedAt: string;
                        secret: string;
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            500: components["responses"]["Internal"];
        };
    };
    getCallback: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example cbk_01JDA1B2C3D4E5F6G7H8J9K0MN
                 */
                callbackId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    /**
                     * @description Version of what is in the body. Send it as `If-Match` to change exactly this version.
                     * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                     */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "callbackId": "cbk_01JDA1B2C3D4E5F6G7H8J9K0MN",
                     *       "name": "library",
                     *       "url": "https://hooks.example.com/streamkeep",
                     *       "events": [
                     *         "file.ready",
                     *         "recording.ended"
                     *       ],
                     *       "enabled": true,
                     *       "previousSecretUntil": null,
                     *       "createdAt": "2026-11-22T10:00:00.000Z",
                     *       "updatedAt": "2026-11-22T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Callback"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["Internal"];
        };
    };
    replaceCallback: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description ETag of the version that is meant; `*`: whatever there is.
                 * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                 */
                "If-Match": string;
            };
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example cbk_01JDA1B2C3D4E5F6G7H8J9K0MN
                 */
                callbackId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "library",
                 *       "url": "https://hooks.example.com/streamkeep",
                 *       "events": [
                 *         "file.ready",
                 *         "recording.ended"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["CallbackInput"];
            };
        };
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    /**
                     * @description Version of what is in the body. Send it as `If-Match` to change exactly this version.
                     * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                     */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "callbackId": "cbk_01JDA1B2C3D4E5F6G7H8J9K0MN",
                     *       "name": "library",
                     *       "url": "https://hooks.example.com/streamkeep",
                     *       "events": [
                     *         "file.ready",
                     *         "recording.ended"
                     *       ],
                     *       "enabled": true,
                     *       "previousSecretUntil": null,
                     *       "createdAt": "2026-11-22T10:00:00.000Z",
                     *       "updatedAt": "2026-11-22T10:00:00.000Z"
                     *     }
                     */
                    "application/json": components["schemas"]["Callback"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            428: components["responses"]["PreconditionRequired"];
            500: components["responses"]["Internal"];
        };
    };
    deleteCallback: {
        parameters: {
            query?: never;
            header?: {
                /**
                 * @description ETag of the version that is meant; `*`: whatever there is.
                 * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                 */
                "If-Match"?: string;
            };
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example cbk_01JDA1B2C3D4E5F6G7H8J9K0MN
                 */
                callbackId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            500: components["responses"]["Internal"];
        };
    };
    rotateCallbackSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example cbk_01JDA1B2C3D4E5F6G7H8J9K0MN
                 */
                callbackId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    /**
                     * @description Version of what is in the body. Send it as `If-Match` to change exactly this version.
                     * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                     */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "callbackId": "cbk_01JDA1B2C3D4E5F6G7H8J9K0MN",
                     *       "secret": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
                     *       "previousSecretUntil": "2026-11-23T10:00:00.000Z"
                     *     }
                     */
                    "application/json": {
                        callbackId: string;
                        secret: string;
                        previousSecretUntil: string | null;
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            500: components["responses"]["Internal"];
        };
    };
    testCallback: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example cbk_01JDA1B2C3D4E5F6G7H8J9K0MN
                 */
                callbackId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Begun. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "callbackId": "cbk_01JDA1B2C3D4E5F6G7H8J9K0MN",
                     *       "deliveryId": "dlv_9b1e6f0c2d3a48579c6b1f2e3d4c5a6b",
                     *       "eventId": "evt_3f1d2a9c5b7e48d6a0c4f8e2b6d19753",
                     *       "type": "test",
                     *       "recordId": null,
                     *       "state": "pending",
                     *       "failure": null,
                     *       "createdAt": "2026-11-22T10:00:00.000Z",
                     *       "tries": 0,
                     *       "nextTryAt": "2026-11-22T10:00:00.000Z",
                     *       "lastAttempt": null
                     *     }
                     */
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            500: components["responses"]["Internal"];
        };
    };
    listDeliveries: {
        parameters: {
            query?: {
                /** @description Most items of the answer. */
                limit?: number;
                /** @description Where to go on: the `cursor` of the answer before, of the same list with the same filters. */
                cursor?: string;
                /**
                 * @description Those in this state.
                 * @example delivered
                 */
                state?: "pending" | "delivered" | "failed";
            };
            header?: never;
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example cbk_01JDA1B2C3D4E5F6G7H8J9K0MN
                 */
                callbackId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "callbackId": "cbk_01JDA1B2C3D4E5F6G7H8J9K0MN",
                     *           "deliveryId": "dlv_9b1e6f0c2d3a48579c6b1f2e3d4c5a6b",
                     *           "eventId": "evt_3f1d2a9c5b7e48d6a0c4f8e2b6d19753",
                     *           "type": "test",
                     *           "recordId": null,
                     *           "state": "delivered",
                     *           "failure": null,
                     *           "createdAt": "2026-11-22T10:00:00.000Z",
                     *           "tries": 1,
                     *           "nextTryAt": null,
                     *           "lastAttempt": {
                     *             "at": "2026-11-22T10:00:00.100Z",
                     *             "durationMs": 84,
                     *             "status": 204,
                     *             "error": null
                     *           }
                     *         }
                     *       ],
                     *       "cursor": null
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["Delivery"][];
                        /** @description Of the next page; null after the last one. */
                        cursor: string | null;
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["Internal"];
        };
    };
    getDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example cbk_01JDA1B2C3D4E5F6G7H8J9K0MN
                 */
                callbackId: string;
                /**
                 * @description Id, as it was given out.
                 * @example dlv_9b1e6f0c2d3a48579c6b1f2e3d4c5a6b
                 */
                deliveryId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "callbackId": "cbk_01JDA1B2C3D4E5F6G7H8J9K0MN",
                     *       "deliveryId": "dlv_9b1e6f0c2d3a48579c6b1f2e3d4c5a6b",
                     *       "eventId": "evt_3f1d2a9c5b7e48d6a0c4f8e2b6d19753",
                     *       "type": "test",
                     *       "recordId": null,
                     *       "state": "delivered",
                     *       "failure": null,
                     *       "createdAt": "2026-11-22T10:00:00.000Z",
                     *       "tries": 1,
                     *       "nextTryAt": null,
                     *       "lastAttempt": {
                     *         "at": "2026-11-22T10:00:00.100Z",
                     *         "durationMs": 84,
                     *         "status": 204,
                     *         "error": null
                     *       },
                     *       "body": "{\"id\":\"evt_3f1d2a9c5b7e48d6a0c4f8e2b6d19753\",\"type\":\"test\",\"at\":\"2026-11-22T10:00:00.000Z\",\"data\":{\"callback\":{\"callbackId\":\"cbk_01JDA1B2C3D4E5F6G7H8J9K0MN\",\"name\":\"library\"}}}",
                     *       "attempts": [
                     *         {
                     *           "at": "2026-11-22T10:00:00.100Z",
                     *           "durationMs": 84,
                     *           "status": 204,
                     *           "error": null,
                     *           "request": {
                     *             "url": "https://hooks.example.com/streamkeep",
                     *             "headers": {
                     *               "content-type": "application/json",
                     *               "user-agent": "Streamkeep",
                     *               "webhook-id": "evt_3f1d2a9c5b7e48d6a0c4f8e2b6d19753",
                     *               "webhook-timestamp": "1795428000",
                     *               "webhook-signature": "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4="
                     *             }
                     *           },
                     *           "contentType": null,
                     *           "answer": ""
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["WholeDelivery"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            500: components["responses"]["Internal"];
        };
    };
    resendDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example cbk_01JDA1B2C3D4E5F6G7H8J9K0MN
                 */
                callbackId: string;
                /**
                 * @description Id, as it was given out.
                 * @example dlv_9b1e6f0c2d3a48579c6b1f2e3d4c5a6b
                 */
                deliveryId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Begun. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "callbackId": "cbk_01JDA1B2C3D4E5F6G7H8J9K0MN",
                     *       "deliveryId": "dlv_9b1e6f0c2d3a48579c6b1f2e3d4c5a6b",
                     *       "eventId": "evt_3f1d2a9c5b7e48d6a0c4f8e2b6d19753",
                     *       "type": "test",
                     *       "recordId": null,
                     *       "state": "pending",
                     *       "failure": null,
                     *       "createdAt": "2026-11-22T10:00:00.000Z",
                     *       "tries": 0,
                     *       "nextTryAt": "2026-11-22T10:00:00.000Z",
                     *       "lastAttempt": null
                     *     }
                     */
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            500: components["responses"]["Internal"];
        };
    };
    listTokens: {
        parameters: {
            query?: {
                /**
                 * @description Most items of the answer.
                 * @example 20
                 */
                limit?: number;
                /** @description Where to go on: the `cursor` of the answer before, of the same list with the same filters. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [
                     *         {
                     *           "tokenId": "tok_5f0c8b7a1d2e3f4a5b6c7d8e9f",
                     *           "name": "ci",
                     *           "scopes": [
                     *             "read",
                     *             "write"
                     *           ],
                     *           "createdAt": "2026-11-22T10:00:00.000Z"
                     *         }
                     *       ],
                     *       "cursor": null
                     *     }
                     */
                    "application/json": {
                        items: components["schemas"]["Token"][];
                        /** @description Of the next page; null after the last one. */
                        cursor: string | null;
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            500: components["responses"]["Internal"];
        };
    };
    createToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "ci",
                 *       "scopes": [
                 *         "read",
                 *         "write"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["TokenInput"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "tokenId": "tok_5f0c8b7a1d2e3f4a5b6c7d8e9f",
                     *       "name": "ci",
                     *       "scopes": [
                     *         "read",
                     *         "write"
                     *       ],
                     *       "createdAt": "2026-11-22T10:00:00.000Z",
                     *       "token": "sk_mB0qT3nWc5xYv8zKd1fGh4jLp7rSu2aEo6iQwXyZt9U"
                     *     }
                     */
                    "application/json": components["schemas"]["TokenWithSecret"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            500: components["responses"]["Internal"];
        };
    };
    revokeToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Id, as it was given out.
                 * @example tok_5f0c8b7a1d2e3f4a5b6c7d8e9f
                 */
                tokenId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            500: components["responses"]["Internal"];
        };
    };
    describeApi: {
        parameters: {
            query?: never;
            header?: {
                /** @description ETags of what the caller has already: then the answer is 304, without a body. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As asked. */
            200: {
                headers: {
                    /**
                     * @description Version of what is in the body. Send it as `If-Match` to change exactly this version.
                     * @example "01KAN2VXJ8Q6S5T4R3P2N1M0K9"
                     */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description The caller has it already. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            500: components["responses"]["Internal"];
        };
    };
    takeIngestCallback: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The kind of the ingest server, as the domain has it.
                 * @example nginx-rtmp
                 */
                adapter: "node-media-server" | "nginx-rtmp" | "srs" | "mediamtx" | "webhook";
                /**
                 * @description The push domain that the ingest server belongs to.
                 * @example push.example.com
                 */
                domain: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "call": "publish",
                 *       "app": "live",
                 *       "name": "show",
                 *       "addr": "192.0.2.7",
                 *       "clientid": "1"
                 *     }
                 */
                "application/x-www-form-urlencoded": Record<string, never>;
                /**
                 * @example {
                 *       "action": "postPublish",
                 *       "id": "1",
                 *       "app": "live",
                 *       "name": "show"
                 *     }
                 */
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Taken. Some servers are answered in their own words, with the status 200 all the same. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "code": 0,
                     *       "outcome": "accepted"
                     *     }
                     */
                    "application/json": {
                        /**
                         * @description What SRS wants to see.
                         * @constant
                         */
                        code?: 0;
                        /**
                         * @description `ignored`: it is not about the beginning or the end of a push. `unrecorded`: the push is let in, but cannot be recorded; `errors` say why.
                         * @enum {string}
                         */
                        outcome?: "accepted" | "ignored" | "unrecorded";
                    };
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["BodyTooLarge"];
            500: components["responses"]["Internal"];
            503: components["responses"]["NotTaken"];
        };
    };
    onRecordingStarted: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Of the event: the same however often it is sent.
                 * @example evt_3f1d2a9c5b7e48d6a0c4f8e2b6d19753
                 */
                "webhook-id": string;
                /**
                 * @description When it was sent: seconds since 1970.
                 * @example 1795345261
                 */
                "webhook-timestamp": string;
                /**
                 * @description HMAC-SHA256 of `webhook-id.webhook-timestamp.body` with the secret of the callback, as `v1,` and base64; several, with a blank between them, while a secret is being replaced.
                 * @example v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=
                 */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_3f1d2a9c5b7e48d6a0c4f8e2b6d19753",
                 *       "type": "recording.started",
                 *       "at": "2026-11-22T11:00:01.000Z",
                 *       "data": {
                 *         "recording": {
                 *           "recordId": "rec_01JDA0G6QV4T5N8Z2X7C9B1M3K",
                 *           "domain": "push.example.com",
                 *           "app": "live",
                 *           "stream": "show",
                 *           "sessionId": "ses_01JDA0G6PX1H6R3D8F0W2Y5S7A",
                 *           "templateId": "tpl_01JD9ZK4E8M2V6B0Q3T7N1C5XH",
                 *           "state": "recording",
                 *           "startedAt": "2026-11-22T10:00:00.000Z",
                 *           "formats": [
                 *             "hls",
                 *             "mp4"
                 *           ],
                 *           "media": {
                 *             "videoCodec": "h264",
                 *             "width": 1920,
                 *             "height": 1080,
                 *             "audioCodec": "aac"
                 *           }
                 *         }
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["RecordingStartedEvent"];
            };
        };
        responses: {
            /** @description Taken. After any other answer, and after none, it is sent again later. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onRecordingPaused: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Of the event: the same however often it is sent.
                 * @example evt_3f1d2a9c5b7e48d6a0c4f8e2b6d19753
                 */
                "webhook-id": string;
                /**
                 * @description When it was sent: seconds since 1970.
                 * @example 1795345261
                 */
                "webhook-timestamp": string;
                /**
                 * @description HMAC-SHA256 of `webhook-id.webhook-timestamp.body` with the secret of the callback, as `v1,` and base64; several, with a blank between them, while a secret is being replaced.
                 * @example v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=
                 */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_3f1d2a9c5b7e48d6a0c4f8e2b6d19753",
                 *       "type": "recording.paused",
                 *       "at": "2026-11-22T11:00:01.000Z",
                 *       "data": {
                 *         "recording": {
                 *           "recordId": "rec_01JDA0G6QV4T5N8Z2X7C9B1M3K",
                 *           "domain": "push.example.com",
                 *           "app": "live",
                 *           "stream": "show",
                 *           "sessionId": "ses_01JDA0G6PX1H6R3D8F0W2Y5S7A",
                 *           "templateId": "tpl_01JD9ZK4E8M2V6B0Q3T7N1C5XH",
                 *           "state": "paused",
                 *           "startedAt": "2026-11-22T10:00:00.000Z",
                 *           "formats": [
                 *             "hls",
                 *             "mp4"
                 *           ],
                 *           "media": {
                 *             "videoCodec": "h264",
                 *             "width": 1920,
                 *             "height": 1080,
                 *             "audioCodec": "aac"
                 *           },
                 *           "endedAt": "2026-11-22T11:00:00.000Z"
                 *         },
                 *         "reason": {
                 *           "cause": "source",
                 *           "code": "session-ended",
                 *           "text": "The stream ended."
                 *         }
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["RecordingPausedEvent"];
            };
        };
        responses: {
            /** @description Taken. After any other answer, and after none, it is sent again later. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onRecordingResumed: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Of the event: the same however often it is sent.
                 * @example evt_3f1d2a9c5b7e48d6a0c4f8e2b6d19753
                 */
                "webhook-id": string;
                /**
                 * @description When it was sent: seconds since 1970.
                 * @example 1795345261
                 */
                "webhook-timestamp": string;
                /**
                 * @description HMAC-SHA256 of `webhook-id.webhook-timestamp.body` with the secret of the callback, as `v1,` and base64; several, with a blank between them, while a secret is being replaced.
                 * @example v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=
                 */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_3f1d2a9c5b7e48d6a0c4f8e2b6d19753",
                 *       "type": "recording.resumed",
                 *       "at": "2026-11-22T11:00:01.000Z",
                 *       "data": {
                 *         "recording": {
                 *           "recordId": "rec_01JDA0G6QV4T5N8Z2X7C9B1M3K",
                 *           "domain": "push.example.com",
                 *           "app": "live",
                 *           "stream": "show",
                 *           "sessionId": "ses_01JDA0G6PX1H6R3D8F0W2Y5S7A",
                 *           "templateId": "tpl_01JD9ZK4E8M2V6B0Q3T7N1C5XH",
                 *           "state": "recording",
                 *           "startedAt": "2026-11-22T10:00:00.000Z",
                 *           "formats": [
                 *             "hls",
                 *             "mp4"
                 *           ],
                 *           "media": {
                 *             "videoCodec": "h264",
                 *             "width": 1920,
                 *             "height": 1080,
                 *             "audioCodec": "aac"
                 *           }
                 *         }
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["RecordingResumedEvent"];
            };
        };
        responses: {
            /** @description Taken. After any other answer, and after none, it is sent again later. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onRecordingEnded: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Of the event: the same however often it is sent.
                 * @example evt_3f1d2a9c5b7e48d6a0c4f8e2b6d19753
                 */
                "webhook-id": string;
                /**
                 * @description When it was sent: seconds since 1970.
                 * @example 1795345261
                 */
                "webhook-timestamp": string;
                /**
                 * @description HMAC-SHA256 of `webhook-id.webhook-timestamp.body` with the secret of the callback, as `v1,` and base64; several, with a blank between them, while a secret is being replaced.
                 * @example v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=
                 */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_3f1d2a9c5b7e48d6a0c4f8e2b6d19753",
                 *       "type": "recording.ended",
                 *       "at": "2026-11-22T11:00:01.000Z",
                 *       "data": {
                 *         "recording": {
                 *           "recordId": "rec_01JDA0G6QV4T5N8Z2X7C9B1M3K",
                 *           "domain": "push.example.com",
                 *           "app": "live",
                 *           "stream": "show",
                 *           "sessionId": "ses_01JDA0G6PX1H6R3D8F0W2Y5S7A",
                 *           "templateId": "tpl_01JD9ZK4E8M2V6B0Q3T7N1C5XH",
                 *           "state": "completed",
                 *           "startedAt": "2026-11-22T10:00:00.000Z",
                 *           "formats": [
                 *             "hls",
                 *             "mp4"
                 *           ],
                 *           "media": {
                 *             "videoCodec": "h264",
                 *             "width": 1920,
                 *             "height": 1080,
                 *             "audioCodec": "aac"
                 *           },
                 *           "endedAt": "2026-11-22T11:00:00.000Z"
                 *         },
                 *         "reason": {
                 *           "cause": "source",
                 *           "code": "session-ended",
                 *           "text": "The stream ended."
                 *         },
                 *         "manifest": {
                 *           "bucket": "my-recordings",
                 *           "key": "origin/push.example.com/live/show/2026-11-22-10-00-00/recording.json"
                 *         }
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["RecordingEndedEvent"];
            };
        };
        responses: {
            /** @description Taken. After any other answer, and after none, it is sent again later. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onRecordingFailed: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Of the event: the same however often it is sent.
                 * @example evt_3f1d2a9c5b7e48d6a0c4f8e2b6d19753
                 */
                "webhook-id": string;
                /**
                 * @description When it was sent: seconds since 1970.
                 * @example 1795345261
                 */
                "webhook-timestamp": string;
                /**
                 * @description HMAC-SHA256 of `webhook-id.webhook-timestamp.body` with the secret of the callback, as `v1,` and base64; several, with a blank between them, while a secret is being replaced.
                 * @example v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=
                 */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_3f1d2a9c5b7e48d6a0c4f8e2b6d19753",
                 *       "type": "recording.failed",
                 *       "at": "2026-11-22T11:00:01.000Z",
                 *       "data": {
                 *         "recording": {
                 *           "recordId": "rec_01JDA0G6QV4T5N8Z2X7C9B1M3K",
                 *           "domain": "push.example.com",
                 *           "app": "live",
                 *           "stream": "show",
                 *           "sessionId": "ses_01JDA0G6PX1H6R3D8F0W2Y5S7A",
                 *           "templateId": "tpl_01JD9ZK4E8M2V6B0Q3T7N1C5XH",
                 *           "state": "failed",
                 *           "startedAt": "2026-11-22T10:00:00.000Z",
                 *           "formats": [
                 *             "hls",
                 *             "mp4"
                 *           ],
                 *           "media": {
                 *             "videoCodec": "h264",
                 *             "width": 1920,
                 *             "height": 1080,
                 *             "audioCodec": "aac"
                 *           },
                 *           "endedAt": "2026-11-22T11:00:00.000Z"
                 *         },
                 *         "reason": {
                 *           "cause": "source",
                 *           "code": "source-unreachable",
                 *           "text": "The source could not be reached."
                 *         }
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["RecordingFailedEvent"];
            };
        };
        responses: {
            /** @description Taken. After any other answer, and after none, it is sent again later. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onFileReady: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Of the event: the same however often it is sent.
                 * @example evt_3f1d2a9c5b7e48d6a0c4f8e2b6d19753
                 */
                "webhook-id": string;
                /**
                 * @description When it was sent: seconds since 1970.
                 * @example 1795345261
                 */
                "webhook-timestamp": string;
                /**
                 * @description HMAC-SHA256 of `webhook-id.webhook-timestamp.body` with the secret of the callback, as `v1,` and base64; several, with a blank between them, while a secret is being replaced.
                 * @example v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=
                 */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_3f1d2a9c5b7e48d6a0c4f8e2b6d19753",
                 *       "type": "file.ready",
                 *       "at": "2026-11-22T11:00:01.000Z",
                 *       "data": {
                 *         "recording": {
                 *           "recordId": "rec_01JDA0G6QV4T5N8Z2X7C9B1M3K",
                 *           "domain": "push.example.com",
                 *           "app": "live",
                 *           "stream": "show",
                 *           "sessionId": "ses_01JDA0G6PX1H6R3D8F0W2Y5S7A",
                 *           "templateId": "tpl_01JD9ZK4E8M2V6B0Q3T7N1C5XH",
                 *           "state": "recording",
                 *           "startedAt": "2026-11-22T10:00:00.000Z",
                 *           "formats": [
                 *             "hls",
                 *             "mp4"
                 *           ],
                 *           "media": {
                 *             "videoCodec": "h264",
                 *             "width": 1920,
                 *             "height": 1080,
                 *             "audioCodec": "aac"
                 *           }
                 *         },
                 *         "file": {
                 *           "fileId": "0001-mp4",
                 *           "format": "mp4",
                 *           "bucket": "my-recordings",
                 *           "region": "eu-central-1",
                 *           "key": "origin/push.example.com/live/show/2026-11-22-10-00-00.mp4",
                 *           "location": "primary",
                 *           "sizeBytes": 1800000000,
                 *           "durationSeconds": 3600,
                 *           "startedAt": "2026-11-22T10:00:00.000Z",
                 *           "readyAt": "2026-11-22T11:00:01.000Z"
                 *         }
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["FileReadyEvent"];
            };
        };
        responses: {
            /** @description Taken. After any other answer, and after none, it is sent again later. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onFileMoved: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Of the event: the same however often it is sent.
                 * @example evt_3f1d2a9c5b7e48d6a0c4f8e2b6d19753
                 */
                "webhook-id": string;
                /**
                 * @description When it was sent: seconds since 1970.
                 * @example 1795345261
                 */
                "webhook-timestamp": string;
                /**
                 * @description HMAC-SHA256 of `webhook-id.webhook-timestamp.body` with the secret of the callback, as `v1,` and base64; several, with a blank between them, while a secret is being replaced.
                 * @example v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=
                 */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_3f1d2a9c5b7e48d6a0c4f8e2b6d19753",
                 *       "type": "file.moved",
                 *       "at": "2026-11-22T11:00:01.000Z",
                 *       "data": {
                 *         "recording": {
                 *           "recordId": "rec_01JDA0G6QV4T5N8Z2X7C9B1M3K",
                 *           "domain": "push.example.com",
                 *           "app": "live",
                 *           "stream": "show",
                 *           "sessionId": "ses_01JDA0G6PX1H6R3D8F0W2Y5S7A",
                 *           "templateId": "tpl_01JD9ZK4E8M2V6B0Q3T7N1C5XH",
                 *           "state": "completed",
                 *           "startedAt": "2026-11-22T10:00:00.000Z",
                 *           "formats": [
                 *             "hls",
                 *             "mp4"
                 *           ],
                 *           "media": {
                 *             "videoCodec": "h264",
                 *             "width": 1920,
                 *             "height": 1080,
                 *             "audioCodec": "aac"
                 *           },
                 *           "endedAt": "2026-11-22T11:00:00.000Z"
                 *         },
                 *         "file": {
                 *           "fileId": "0001-mp4",
                 *           "format": "mp4",
                 *           "bucket": "my-recordings",
                 *           "region": "eu-central-1",
                 *           "key": "origin/push.example.com/live/show/2026-11-22-10-00-00.mp4",
                 *           "location": "primary",
                 *           "sizeBytes": 1800000000,
                 *           "durationSeconds": 3600,
                 *           "startedAt": "2026-11-22T10:00:00.000Z",
                 *           "readyAt": "2026-11-22T11:00:01.000Z",
                 *           "locatedAt": "2026-11-22T13:20:00.000Z"
                 *         }
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["FileMovedEvent"];
            };
        };
        responses: {
            /** @description Taken. After any other answer, and after none, it is sent again later. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onPostProcessingFinished: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Of the event: the same however often it is sent.
                 * @example evt_3f1d2a9c5b7e48d6a0c4f8e2b6d19753
                 */
                "webhook-id": string;
                /**
                 * @description When it was sent: seconds since 1970.
                 * @example 1795345261
                 */
                "webhook-timestamp": string;
                /**
                 * @description HMAC-SHA256 of `webhook-id.webhook-timestamp.body` with the secret of the callback, as `v1,` and base64; several, with a blank between them, while a secret is being replaced.
                 * @example v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=
                 */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_3f1d2a9c5b7e48d6a0c4f8e2b6d19753",
                 *       "type": "post-processing.finished",
                 *       "at": "2026-11-22T11:00:01.000Z",
                 *       "data": {
                 *         "recording": {
                 *           "recordId": "rec_01JDA0G6QV4T5N8Z2X7C9B1M3K",
                 *           "domain": "push.example.com",
                 *           "app": "live",
                 *           "stream": "show",
                 *           "sessionId": "ses_01JDA0G6PX1H6R3D8F0W2Y5S7A",
                 *           "templateId": "tpl_01JD9ZK4E8M2V6B0Q3T7N1C5XH",
                 *           "state": "completed",
                 *           "startedAt": "2026-11-22T10:00:00.000Z",
                 *           "formats": [
                 *             "hls",
                 *             "mp4"
                 *           ],
                 *           "media": {
                 *             "videoCodec": "h264",
                 *             "width": 1920,
                 *             "height": 1080,
                 *             "audioCodec": "aac"
                 *           },
                 *           "endedAt": "2026-11-22T11:00:00.000Z"
                 *         },
                 *         "run": {
                 *           "runId": "run_0001-hls-0001_5b1e0c2f9a37",
                 *           "format": "hls",
                 *           "fileId": "0001-hls-0001",
                 *           "orchestrationId": "orc_01KAN2X5B6C7D8E9F0G1H2J3K4",
                 *           "orchestrationName": "library",
                 *           "createdAt": "2026-11-22T11:00:01.000Z",
                 *           "endedAt": "2026-11-22T11:00:09.000Z",
                 *           "steps": [
                 *             {
                 *               "name": "film",
                 *               "kind": "remux",
                 *               "state": "succeeded",
                 *               "output": {
                 *                 "format": "mp4",
                 *                 "bucket": "my-recordings",
                 *                 "key": "origin/push.example.com/live/show/2026-11-22-10-00-00-hls-film.mp4",
                 *                 "sizeBytes": 1800000000,
                 *                 "objects": 1,
                 *                 "durationSeconds": 3600
                 *               }
                 *             }
                 *           ]
                 *         }
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["PostProcessingFinishedEvent"];
            };
        };
        responses: {
            /** @description Taken. After any other answer, and after none, it is sent again later. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onPostProcessingFailed: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Of the event: the same however often it is sent.
                 * @example evt_3f1d2a9c5b7e48d6a0c4f8e2b6d19753
                 */
                "webhook-id": string;
                /**
                 * @description When it was sent: seconds since 1970.
                 * @example 1795345261
                 */
                "webhook-timestamp": string;
                /**
                 * @description HMAC-SHA256 of `webhook-id.webhook-timestamp.body` with the secret of the callback, as `v1,` and base64; several, with a blank between them, while a secret is being replaced.
                 * @example v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=
                 */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_3f1d2a9c5b7e48d6a0c4f8e2b6d19753",
                 *       "type": "post-processing.failed",
                 *       "at": "2026-11-22T11:00:01.000Z",
                 *       "data": {
                 *         "recording": {
                 *           "recordId": "rec_01JDA0G6QV4T5N8Z2X7C9B1M3K",
                 *           "domain": "push.example.com",
                 *           "app": "live",
                 *           "stream": "show",
                 *           "sessionId": "ses_01JDA0G6PX1H6R3D8F0W2Y5S7A",
                 *           "templateId": "tpl_01JD9ZK4E8M2V6B0Q3T7N1C5XH",
                 *           "state": "completed",
                 *           "startedAt": "2026-11-22T10:00:00.000Z",
                 *           "formats": [
                 *             "hls",
                 *             "mp4"
                 *           ],
                 *           "media": {
                 *             "videoCodec": "h264",
                 *             "width": 1920,
                 *             "height": 1080,
                 *             "audioCodec": "aac"
                 *           },
                 *           "endedAt": "2026-11-22T11:00:00.000Z"
                 *         },
                 *         "run": {
                 *           "runId": "run_0001-hls-0001_5b1e0c2f9a37",
                 *           "format": "hls",
                 *           "fileId": "0001-hls-0001",
                 *           "orchestrationId": "orc_01KAN2X5B6C7D8E9F0G1H2J3K4",
                 *           "orchestrationName": "library",
                 *           "createdAt": "2026-11-22T11:00:01.000Z",
                 *           "endedAt": "2026-11-22T11:00:09.000Z",
                 *           "steps": [
                 *             {
                 *               "name": "pictures",
                 *               "kind": "thumbnails",
                 *               "state": "failed",
                 *               "reason": {
                 *                 "cause": "source",
                 *                 "code": "input-unsuitable",
                 *                 "text": "This step can make nothing of what was recorded."
                 *               }
                 *             }
                 *           ]
                 *         }
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["PostProcessingFailedEvent"];
            };
        };
        responses: {
            /** @description Taken. After any other answer, and after none, it is sent again later. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    onTest: {
        parameters: {
            query?: never;
            header: {
                /**
                 * @description Of the event: the same however often it is sent.
                 * @example evt_3f1d2a9c5b7e48d6a0c4f8e2b6d19753
                 */
                "webhook-id": string;
                /**
                 * @description When it was sent: seconds since 1970.
                 * @example 1795345261
                 */
                "webhook-timestamp": string;
                /**
                 * @description HMAC-SHA256 of `webhook-id.webhook-timestamp.body` with the secret of the callback, as `v1,` and base64; several, with a blank between them, while a secret is being replaced.
                 * @example v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=
                 */
                "webhook-signature": string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "id": "evt_3f1d2a9c5b7e48d6a0c4f8e2b6d19753",
                 *       "type": "test",
                 *       "at": "2026-11-22T11:00:01.000Z",
                 *       "data": {
                 *         "callback": {
                 *           "callbackId": "cbk_01JDA1B2C3D4E5F6G7H8J9K0MN",
                 *           "name": "library"
                 *         }
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["TestEvent"];
            };
        };
        responses: {
            /** @description Taken. After any other answer, and after none, it is sent again later. */
            "2XX": {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
