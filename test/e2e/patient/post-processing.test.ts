import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { dataOf, type Schemas } from '../../../client/index.ts';
import { LOCAL_DOMAIN } from '../../../local/bootstrap.ts';
import { bind, makeTemplate } from '../../support/configure.ts';
import { useLocalRun } from '../../support/local-run.ts';
import { makeSource, videoFrames } from '../../support/media.ts';
import { publish } from '../../support/publisher.ts';
import { download, endedRecording, eventually } from '../../support/recorded.ts';

const run = useLocalRun();
const SECONDS = 12;

it('A recording goes through the steps of its orchestration once it is ready, in a process of its own', async () => {
  const steps: Schemas['OrchestrationInput']['steps'] = [
    { kind: 'remux', name: 'film', format: 'mp4' },
    { kind: 'thumbnails', name: 'pictures', input: 'film', everySeconds: 2 },
    { kind: 'concat', name: 'all' },
  ];
  const { orchestrationId } = await dataOf(
    run.api.POST('/v1/orchestrations', { body: { name: 'library', steps } }),
  );
  const postProcessing = { hls: { orchestrationId } };
  const formats = { hls: { segmentSeconds: 2 } };
  const templateId = await makeTemplate(run.api, 'processed', formats, { postProcessing });
  await bind(run.api, { domain: LOCAL_DOMAIN, app: 'live', stream: 'processed', templateId });
  const source = await makeSource(run.folder, 'source', { seconds: SECONDS });
  const publisher = publish(source, `${run.rtmpUrl}/live/processed`);
  run.onEnd(async () => publisher.kill());

  const { recording, files } = await endedRecording(run.api, 'processed');
  const path = { recordId: recording.recordId };
  const runs = await eventually(
    'everything is processed',
    async () => {
      const { items } = await dataOf(
        run.api.GET('/v1/recordings/{recordId}/post-processing', { params: { path } }),
      );
      return items.length === 2 && items.every(({ state }) => state !== 'running') ? items : undefined;
    },
    60_000,
  );
  expect(runs.map(({ state, percent }) => [state, percent])).toEqual([
    ['succeeded', 100],
    ['succeeded', 100],
  ]);
  const [hls] = files;
  if (hls === undefined) throw new Error('There is no file');
  const frames = await videoFrames(await download(hls, run.folder));
  const outputs = runs.flatMap((one) => one.steps).map(({ name, output }) => ({ name, output }));
  for (const name of ['film', 'all']) {
    const url = outputs.find((one) => one.name === name)?.output?.url ?? '';
    const made = join(run.folder, `${name}.mp4`);
    await writeFile(made, Buffer.from(await (await fetch(url)).arrayBuffer()));
    expect(await videoFrames(made)).toEqual(frames);
  }
  const list = outputs.find(({ name }) => name === 'pictures')?.output?.url ?? '';
  expect(await (await fetch(list)).text()).toMatch(/^WEBVTT\n\n00:00:00/);
  expect(run.troubles).toEqual([]);
});
