import type { Notice } from '../shared/events/notices.ts';

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** `4.2 MB` */
export const size = (bytes: number): string => {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 99.5 ? value.toFixed(0) : value.toFixed(1)} ${UNITS[unit]}`;
};

/** `12.3 s`, `4:05`, `1:02:03` */
export const duration = (seconds: number): string => {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
};

/** Names come from publishers: nothing of them may steer the terminal. */
export const printable = (text: string): string => text.replaceAll(/\p{Cc}|\p{Cf}/gu, '?');

/** The domain of the first start needs no mention. */
export const streamName = ({
  domain,
  app,
  stream,
}: {
  domain: string;
  app: string;
  stream: string;
}): string => printable(domain === 'localhost' ? `${app}/${stream}` : `${domain}/${app}/${stream}`);

const what = (notice: Notice): string => {
  switch (notice.type) {
    case 'recording.started':
      return 'recording started';
    case 'recording.paused':
      return `paused: ${notice.reason.text}`;
    case 'recording.resumed':
      return 'resumed';
    case 'recording.ended':
      return `ended: ${notice.reason.text}`;
    case 'recording.failed':
      return `failed: ${notice.reason.text}`;
    case 'file.opened':
      return `${notice.file.format} opened  ${notice.file.bucket}/${notice.file.key}`;
    case 'file.moved':
      return `${notice.file.format} is home  ${notice.file.bucket}/${notice.file.key}`;
    case 'post-processing.finished':
      return `${notice.run.format} processed by ${notice.run.orchestrationName}`;
    case 'post-processing.failed':
      return `${notice.run.format} not all processed by ${notice.run.orchestrationName}`;
    case 'file.ready': {
      const { format, sizeBytes, durationSeconds, bucket, key } = notice.file;
      return `${format} ready   ${size(sizeBytes)}, ${duration(durationSeconds)}  ${bucket}/${key}`;
    }
  }
};

/** One line for a person: when, which stream, what happened. */
export const noticeLine = (notice: Notice): string =>
  `${notice.at.slice(11, 19)}  ${streamName(notice.stream)}  ${printable(what(notice))}`;
