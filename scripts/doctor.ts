import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { olderThan, versionOf } from './ffmpeg-version.ts';

/**
 * `node scripts/doctor.ts [--tests]`: sees to the programs that npm does not bring. Installs them where it may
 * (root, on a system with apt-get), and otherwise says what to run.
 */

const LEAST_FFMPEG = '5.1';
/** Where distributions put the RTMP module of nginx. */
const NGINX_MODULES = ['/usr/lib/nginx/modules', '/usr/lib64/nginx/modules', '/usr/local/lib/nginx/modules'];

interface Need {
  readonly what: string;
  readonly packages: readonly string[];
  /** What is wrong; undefined when nothing is. */
  readonly problem: () => string | undefined;
}

const ffmpegProblem = (program: string) => (): string | undefined => {
  const { stdout, error } = spawnSync(program, ['-version'], { encoding: 'utf8' });
  if (error !== undefined) return `${program} is not installed`;
  const version = versionOf(stdout);
  if (version === undefined || !olderThan(version, LEAST_FFMPEG)) return undefined;
  return `${program} ${version} is too old; ${LEAST_FFMPEG} or newer is needed`;
};

const nginxProblem = (): string | undefined => {
  if (spawnSync('nginx', ['-v'], { env: { PATH: `${process.env.PATH}:/usr/sbin` } }).error !== undefined) {
    return 'nginx is not installed';
  }
  const found = NGINX_MODULES.some((folder) => existsSync(`${folder}/ngx_rtmp_module.so`));
  return found ? undefined : 'nginx has no RTMP module';
};

const needs: readonly Need[] = [
  { what: 'ffmpeg', packages: ['ffmpeg'], problem: ffmpegProblem('ffmpeg') },
  { what: 'ffprobe', packages: ['ffmpeg'], problem: ffmpegProblem('ffprobe') },
  ...(process.argv.includes('--tests')
    ? [{ what: 'nginx with RTMP', packages: ['nginx-light', 'libnginx-mod-rtmp'], problem: nginxProblem }]
    : []),
];

const unmet = (): readonly { need: Need; problem: string }[] =>
  needs.flatMap((need) => {
    const problem = need.problem();
    return problem === undefined ? [] : [{ need, problem }];
  });

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const install = (packages: readonly string[]): void => {
  const commands = [['update'], ['install', '-y', '--no-install-recommends', ...packages]];
  for (const args of commands) {
    say(`apt-get ${args.join(' ')}`);
    const { status } = spawnSync('apt-get', ['-qq', ...args], {
      stdio: 'inherit',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    if (status !== 0) return;
  }
};

const before = unmet();
if (before.length > 0) {
  for (const { problem } of before) say(problem);
  const packages = [...new Set(before.flatMap(({ need }) => need.packages))];
  const isRoot = process.getuid?.() === 0;
  if (isRoot && spawnSync('apt-get', ['--version']).error === undefined) install(packages);
  const after = unmet();
  if (after.length > 0) {
    for (const { need, problem } of after) process.stderr.write(`${need.what}: ${problem}\n`);
    process.stderr.write(
      `Install what is missing and try again, on Debian or Ubuntu with:\n\n  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages.join(' ')}\n\non macOS with Homebrew: brew install ffmpeg\n`,
    );
    process.exit(1);
  }
}
