import { armNames, type ArmName } from './arms.js';
import type { AblationReport } from './report.js';

/** Told apart without colour too. */
const strokes: Record<ArmName, { colour: string; dash: string; name: string }> = {
  real: { colour: '#0072b2', dash: '', name: 'real only' },
  distilled: { colour: '#d55e00', dash: '6 3', name: 'distilled only' },
  both: { colour: '#117733', dash: '2 3', name: 'both' },
};

/** One page that needs nothing else: what was compared, held-out loss by data set, its curve, answers side by side. */
export function reportHtml(report: AblationReport): string {
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Ablation: real, distilled, both</title>
<style>
body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}
table{border-collapse:collapse;width:100%;margin:1rem 0}th,td{border-bottom:1px solid #ccc;padding:.35rem .6rem;text-align:left;vertical-align:top}
th.n,td.n{text-align:right;font-variant-numeric:tabular-nums}table.small{width:auto}.best{font-weight:600}.scroll{overflow-x:auto}.note{color:#555}
</style>
<h1>The same model on real rows, distilled rows, and both</h1>
${introduction(report)}
<h2>Held-out loss</h2>
<p class="note">Nats a learnt token, lower is better; in brackets the share of tokens foretold. Best of a row in bold.</p>
${lossTable(report)}
${curves(report)}
<h2>Answers</h2>
<p class="note">The likeliest reply of each model (greedy) to the first question of held-out rows, beside the row's own.</p>
${styleTable(report)}
${sampleTable(report)}
</html>
`;
}

function introduction({
  model,
  seed,
  updates,
  rows_an_update: rows,
  snapshot,
  rehearsal,
  arms,
}: AblationReport): string {
  const seen = arms.map(
    ({ arm, rows: own, passes }) => `${strokes[arm].name} ${own} rows, each ${passes.toFixed(1)} times`,
  );
  return `<p>Every model starts from the same weights (${model.parameters.toLocaleString('en')} parameters, SHA-256
<code>${model.start_hash.slice(0, 12)}</code>) with the same vocabulary of ${model.vocabulary} tokens and seed ${seed}, and learns by
the same ${updates} updates of ${rows} sequences: ${seen.join('; ')}. A smaller set is therefore seen more often; no run
ended early. Snapshot <code>${snapshot.slice(0, 12)}</code>${rehearsal ? '; some text is of the built-in rehearsal model' : ''}.</p>`;
}

function lossTable({ arms, held_out_rows: rows }: AblationReport): string {
  const lines = Object.entries(rows).map(([dataSet, count]) => {
    const best = Math.min(...arms.map(({ held_out: figures }) => figures[dataSet]!.loss));
    const cells = arms.map(({ held_out: figures }) => {
      const { loss, accuracy } = figures[dataSet]!;
      return `<td class="n${loss === best ? ' best' : ''}">${loss.toFixed(3)} (${(100 * accuracy).toFixed(1)} %)</td>`;
    });
    return `<tr><th>${escape(dataSet)}</th><td class="n">${count}</td>${cells.join('')}</tr>`;
  });
  const heads = arms.map(({ arm }) => `<th class="n">${strokes[arm].name}</th>`).join('');
  return `<table><tr><th>Held-out rows of</th><th class="n">Rows</th>${heads}</tr>${lines.join('\n')}</table>`;
}

function styleTable({ arms, samples }: AblationReport): string {
  const lines = arms.map(
    ({ arm, answers }) =>
      `<tr><th>${strokes[arm].name}</th><td class="n">${answers.mean_characters.toFixed(1)}</td>` +
      `<td class="n">${(100 * answers.asks).toFixed(0)} %</td></tr>`,
  );
  return `<table class="small"><tr><th>${samples.length} answers of</th><th class="n">Characters, mean</th><th class="n">Ask something</th></tr>${lines.join('\n')}</table>`;
}

function sampleTable({ samples }: AblationReport): string {
  const lines = samples.map(({ data_set: dataSet, question, reference, answers }) => {
    const cells = armNames.map((arm) => `<td>${escape(answers[arm])}</td>`).join('');
    return `<tr><td>${escape(question)}<br><span class="note">${dataSet}</span></td><td>${escape(reference)}</td>${cells}</tr>`;
  });
  const heads = armNames.map((arm) => `<th>${strokes[arm].name}</th>`).join('');
  return `<div class="scroll"><table><tr><th>Question</th><th>The row's reply</th>${heads}</tr>${lines.join('\n')}</table></div>`;
}

const WIDTH = 640;
const HEIGHT = 260;
const MARGIN = { left: 48, right: 130, top: 12, bottom: 34 };

/** Held-out loss by update, one line an arm. */
function curves({ arms }: AblationReport): string {
  const points = arms.flatMap(({ curve }) => curve);
  if (points.length === 0) return '';
  const last = Math.max(1, ...points.map(({ step }) => step));
  const [low, high] = [Math.min(...points.map((p) => p.loss)), Math.max(...points.map((p) => p.loss))];
  const x = (step: number): number => MARGIN.left + ((WIDTH - MARGIN.left - MARGIN.right) * step) / last;
  const y = (loss: number): number =>
    MARGIN.top + ((HEIGHT - MARGIN.top - MARGIN.bottom) * (high - loss)) / (high - low || 1);
  const bottom = HEIGHT - MARGIN.bottom;
  const lines = arms.map(({ arm, curve }, n) => {
    const { colour, dash, name } = strokes[arm];
    const style = `stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}" fill="none"`;
    const path = curve.map(({ step, loss }) => `${x(step).toFixed(1)},${y(loss).toFixed(1)}`).join(' ');
    const key = MARGIN.top + 14 + 20 * n;
    const right = WIDTH - MARGIN.right + 12;
    return (
      `<polyline ${style} points="${path}"/><path ${style} d="M${right} ${key}h24"/>` +
      `<text x="${right + 30}" y="${key + 4}">${name}</text>`
    );
  });
  const marks = [low, (low + high) / 2, high].map(
    (loss) => `<text x="${MARGIN.left - 6}" y="${y(loss) + 4}" text-anchor="end">${loss.toFixed(2)}</text>`,
  );
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" role="img" aria-label="Held-out loss by update" font-size="12">
<path d="M${MARGIN.left} ${MARGIN.top}V${bottom}H${WIDTH - MARGIN.right}" stroke="#888" fill="none"/>
${marks.join('')}<text x="${MARGIN.left}" y="${bottom + 16}">0</text>
<text x="${x(last)}" y="${bottom + 16}" text-anchor="end">${last} updates</text>
${lines.join('\n')}</svg>`;
}

function escape(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
