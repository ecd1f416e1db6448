// `node api-process.mjs BUNDLE EVENT READS`: does with the API's bundle what Lambda does. Imports it, answers the
// event, says so, answers it READS times more, and says how long each took. No TypeScript, as nothing is to be
// stripped of its types before the first answer.
const [bundle, event, reads] = process.argv.slice(2);
const context = { functionName: 'api', awsRequestId: 'bench', getRemainingTimeInMillis: () => 29_000 };

const { handler } = await import(bundle);
const answer = async () => {
  const { statusCode, body } = await handler(JSON.parse(event), context);
  if (statusCode !== 200) throw new Error(`${statusCode} ${body}`);
};

await answer();
process.stdout.write('answered\n');

const times = [];
for (let read = 0; read < Number(reads); read += 1) {
  const begun = performance.now();
  await answer();
  times.push(performance.now() - begun);
}
process.stdout.write(`${JSON.stringify(times)}\n`);
