// What MDN's Observatory scores an address, on ports of this machine. Its own `scan()` knows no ports and no paths; this
// is that function with them. node scan.mjs FOLDER_OF_THE_PACKAGE HTTP_PORT HTTPS_PORT PATH…

const [folder, httpPort, httpsPort, ...paths] = process.argv.slice(2);
const part = (name) => import(`${folder}/src/${name}`);
const { retrieve } = await part("retriever/retriever.js");
const { ALL_TESTS } = await part("constants.js");
const { getGradeForScore, getScoreModifier } = await part("grader/grader.js");
const { MINIMUM_SCORE_FOR_EXTRA_CREDIT } = await part("grader/charts.js");

for (const path of paths) {
  const requests = await retrieve("localhost", { httpPort, httpsPort, path });
  const results = ALL_TESTS.map((test) => test(requests)).filter((output) => output.result);
  const modifiers = results.map((output) => getScoreModifier(output.result));
  const sum = (numbers) => numbers.reduce((a, b) => a + b, 100);
  const uncurved = sum(modifiers.filter((number) => number < 0));
  const { score, grade } = getGradeForScore(uncurved >= MINIMUM_SCORE_FOR_EXTRA_CREDIT ? sum(modifiers) : uncurved);
  const tests = Object.fromEntries(results.map((output, place) => [output.constructor.name, [output.result, modifiers[place]]]));
  console.log(JSON.stringify({ path, status: requests.responses.auto.status, score, grade, tests }));
}
