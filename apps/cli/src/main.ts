import 'reflect-metadata';
import { commands } from './commands.js';
import { explain } from './explain.js';

const [name = 'help', ...args] = process.argv.slice(2);
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;

if (command) {
  try {
    const { run } = await command.load();
    process.exitCode = (await run(args)) || 0;
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = 1;
  }
} else {
  const asked = ['help', '--help', '-h'].includes(name);
  const lines = Object.entries(commands).map(([word, { usage, about }]) => [`${word} ${usage ?? ''}`.trim(), about]);
  const width = Math.max(...lines.map(([left]) => left!.length));
  const help = lines.map(([left, about]) => `  ${left!.padEnd(width)}  ${about}`).join('\n');
  (asked ? process.stdout : process.stderr).write(
    `${asked ? '' : `There is no command ${name}.\n`}qingnang COMMAND\n\n${help}\n`,
  );
  process.exitCode = asked ? 0 : 2;
}
