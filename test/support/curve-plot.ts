/** One curve: [step, value] in order. */
export type Curve = readonly (readonly [number, number])[];

export interface Panel {
  title: string;
  /** One a seed. */
  curves: readonly Curve[];
  /** A level drawn across, to compare with. */
  level?: { value: number; label: string };
}

const [WIDTH, HEIGHT, MARGIN] = [440, 250, { left: 46, right: 14, top: 34, bottom: 26 }];
const colours = ['#0072b2', '#d55e00', '#117733', '#cc79a7', '#7a5c00'];

/** Panels two a row, as a drawing that needs nothing else. Curves of one seed have one colour. */
export function curvePlot(panels: readonly Panel[], names: readonly string[]): string {
  const rows = Math.ceil(panels.length / 2);
  const legend = names
    .map((name, i) => `<text x="${20 + 90 * i}" y="${rows * HEIGHT + 18}" fill="${colours[i]}">— ${name}</text>`)
    .join('');
  const drawn = panels.map((panel, i) => drawPanel(panel, (i % 2) * WIDTH, Math.floor(i / 2) * HEIGHT)).join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${2 * WIDTH} ${rows * HEIGHT + 30}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="#fff"/>
${drawn}
${legend}
</svg>
`;
}

function drawPanel({ title, curves, level }: Panel, left: number, top: number): string {
  const points = curves.flat();
  const values = [...points.map(([, value]) => value), ...(level ? [level.value] : [])];
  const last = Math.max(...points.map(([step]) => step));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = (step: number): number => MARGIN.left + (step / last) * (WIDTH - MARGIN.left - MARGIN.right);
  const y = (value: number): number =>
    HEIGHT - MARGIN.bottom - ((value - low) / (high - low || 1)) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const lines = curves.map((curve, i) => {
    const path = curve.map(([step, value]) => `${x(step).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
    return `<polyline fill="none" stroke="${colours[i % colours.length]}" stroke-width="1.5" points="${path}"/>`;
  });
  const right = WIDTH - MARGIN.right;
  const across = level
    ? `<path d="M${MARGIN.left} ${y(level.value)}H${right}" stroke="#555" stroke-dasharray="5 4"/>
<text x="${right}" y="${y(level.value) - 4}" text-anchor="end" fill="#555">${level.label}</text>`
    : '';
  const bottom = HEIGHT - MARGIN.bottom;
  return `<g transform="translate(${left} ${top})"><text x="${MARGIN.left}" y="20" font-weight="600">${title}</text>
<path d="M${MARGIN.left} ${MARGIN.top}V${bottom}H${right}" fill="none" stroke="#999"/>
<text x="${MARGIN.left - 6}" y="${y(high) + 4}" text-anchor="end">${high.toFixed(2)}</text>
<text x="${MARGIN.left - 6}" y="${y(low) + 4}" text-anchor="end">${low.toFixed(2)}</text>
<text x="${right}" y="${bottom + 16}" text-anchor="end">step ${last}</text>
${across}${lines.join('\n')}</g>`;
}
