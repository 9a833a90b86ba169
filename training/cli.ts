import { exitCodes, reportFailure } from './commands/exit-codes.js';

const HELP = `qingnang-train: from a snapshot folder to a trained model, and a server for it.

  qingnang-train sft|reward|ppo|dpo --snapshot DIR --run DIR [options]
      --policy CKPT         checkpoint to start from (reward, ppo and dpo need one)
      --reward-model CKPT   scores the responses of ppo
      --ptx DIR             SFT snapshot mixed into ppo (ptx_coefficient > 0)
      --judge URL           scores the responses of ppo too, or alone; ppo.judge in --config says how it is asked
      --judge-token-file PATH
      --mix DIR=WEIGHT      one more snapshot for sft, reward or dpo: WEIGHT rows of it for each of --snapshot; repeatable
      --preset NAME         settings to start from (demo-cpu, huatuogpt-7b-sft, ppo-medical)
      --config FILE         JSON with what differs from the preset
      --seed N  --backend auto|gpu|native|wasm|cpu
      --resume              go on from the newest checkpoint of the run folder
      --attempt N           number of this attempt; by default one more than the last
      --platform URL --project ID --run-id ID --token-file PATH
                            send metrics while training; the token is read from the file
      --exit-with-parent    save and stop when standard input closes

  qingnang-train serve --model CKPT [--adapter DIR] [--port N] [--name NAME] [--backend NAME] [--max-rows N] [--max-waiting N]
                       [--grace SECONDS]
      OpenAI-compatible server on 127.0.0.1; prints {"listening": PORT}. Ends when its standard input, a pipe, closes.
      Writes 16 replies at a time while 64 wait; at SIGTERM running replies have 4 seconds to end.

  qingnang-train best-of --policy CKPT --reward-model CKPT --snapshot PROMPTS --out FILE [--n 8]
      Rejection sampling: n samples a prompt, the best by the reward model written as JSON lines in ShareGPT's form, which the
      platform imports as distilled data; FILE.manifest.json says where they come from. Cut off, the same call goes on.
      --split NAME (train)  --prompts N  --max-new-tokens N  --temperature T (1)  --top-p P (1)  --seed N  --backend NAME

  qingnang-train merge --base CKPT [--adapter DIR] --out DIR [--dtype float32|bfloat16|float16]
      One model of a base and a LoRA adapter in PEFT's layout; without one the base in another type, Baichuan-7B as Llama.

  qingnang-train ablate --snapshot DIR --out DIR [--policy CKPT] [--preset NAME] [--config FILE] [--seed N]
                        [--backend NAME] [--samples N]
      The same model on real rows only, distilled rows only, and both, with as many updates each; report.html compares
      held-out loss by data set and sampled answers. Cut off, the same call goes on.

  qingnang-train inspect --snapshot DIR [--model DIR] [--format NAME] [--length N] [--truncate drop|sentence]
                         [--split NAME] [--rows N]
      Shows rows token by token with the tokens the loss counts, and which rows are cut or left out. --model is any folder
      with a tokenizer; --format one of auto, qingnang, chatml, llama2, llama3, huatuogpt.

  qingnang-train run-remote sft|reward|ppo|dpo --snapshot NAME@VERSION|NAME@latest --work DIR
                 --platform URL --project ID --api-key-file PATH [options]
      For cron on another machine: start, pull, train and push in one; cut off, the next call goes on.
      --name NAME           of the run and its model; by default method and snapshot
      --policy NAME, --reward-model NAME, --ptx NAME@VERSION
                            what else it reads; NAME@latest is the newest model of the runs of that name
      --preset, --config, --seed as above; --expires-hours N (72); --even-if-nothing-new
      --patience MIN        try so long while the network is away (120)
  qingnang-train start METHOD --run DIR …    the first of these steps alone, with the same options;
                            --resume begins the next attempt of the run in DIR
  qingnang-train pull [NAME@VERSION] --run DIR [--to DIR]
  qingnang-train push --run DIR

  qingnang-train hand-in --snapshot NAME@VERSION --model DIR --method sft|reward|ppo|dpo [--base NAME] [--trainer NAME]
                 --platform URL --project ID --api-key-file PATH [options]
      Registers a model that another program (TRL, LLaMA-Factory) trained on a snapshot of the platform: a whole model in Hugging
      Face's layout. Its page shows the snapshot, the program and the base; a withdrawal reaches it. Cut off, the same call goes on.
      --base NAME           the base model, by the name it goes by; --policy NAME, --reward-model NAME, --ptx NAME@VERSION where
                            it is, or these are, on the platform
      --name NAME           of the run and its model; --steps N it took; --run DIR for what is kept (DIR/.hand-in of --model)

  qingnang-train setup-native [--gpu] [--wheel FILE] [--undo]
      Makes the native back end from packages of the Python and npm registries, about five times as fast as wasm.
  qingnang-train doctor [--backend NAME]
      Which back end is taken, why not the others, and how fast it multiplies.

  --json                    one JSON value on standard output; errors too

Exit codes: ${Object.values(exitCodes)
  .map(({ code, meaning }) => `${code} ${meaning}`)
  .join(', ')}.
`;

/** The paragraphs of the help that have a line for this command; all of it for a command that has none. */
function helpFor(command: string): string {
  const isOwn = (line: string): boolean =>
    /^ {2}qingnang-train (\S+)/.exec(line)?.[1]?.split('|').includes(command) ?? false;
  const own = HELP.split('\n\n').filter((paragraph) => paragraph.split('\n').some(isOwn));
  return own.length === 0 ? HELP : own.join('\n\n') + '\n\n' + HELP.split('\n\n').slice(-2).join('\n\n');
}

/** Commands are loaded when asked for: TensorFlow.js takes most of a second. */
async function main([command, ...args]: string[]): Promise<number> {
  if (command !== undefined && (args.includes('--help') || args.includes('-h'))) {
    process.stdout.write(helpFor(command));
    return exitCodes.ok.code;
  }
  switch (command) {
    case 'sft':
    case 'reward':
    case 'ppo':
    case 'dpo':
      return (await import('./commands/train-command.js')).trainCommand(command, args);
    case 'serve':
      return (await import('./commands/serve-command.js')).serveCommand(args);
    case 'best-of':
      return (await import('./commands/best-of-command.js')).bestOfCommand(args);
    case 'merge':
      return (await import('./commands/merge-command.js')).mergeCommand(args);
    case 'ablate':
      return (await import('./commands/ablate-command.js')).ablateCommand(args);
    case 'inspect':
      return (await import('./commands/inspect-command.js')).inspectCommand(args);
    case 'run-remote':
      return (await import('./commands/run-remote-command.js')).runRemoteCommand(args);
    case 'start':
      return (await import('./commands/platform-commands.js')).startCommand(args);
    case 'pull':
      return (await import('./commands/platform-commands.js')).pullCommand(args);
    case 'push':
      return (await import('./commands/platform-commands.js')).pushCommand(args);
    case 'hand-in':
      return (await import('./commands/platform-commands.js')).handInCommand(args);
    case 'setup-native':
      return (await import('./commands/setup-native-command.js')).setupNativeCommand(args);
    case 'doctor':
      return (await import('./commands/doctor-command.js')).doctorCommand(args);
    case undefined:
    case 'help':
    case '--help':
    case '-h':
      process.stdout.write(HELP);
      return command === undefined ? exitCodes.badInput.code : exitCodes.ok.code;
    default:
      process.stderr.write(`qingnang-train knows no "${command}"; see qingnang-train --help.\n`);
      return exitCodes.badInput.code;
  }
}

// Whoever read what is printed is gone, as `head` is or the call that started a trainer: no failure of what is done here.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });

const args = process.argv.slice(2);
process.exitCode = await main(args).catch((error: unknown) => reportFailure(error, args.includes('--json')));
