import { useTheme } from '@mui/material/styles';
import { CartesianGrid, Legend, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { joinSeries, lowerEnd, plotFigure, type PlotSeries } from './plot-series';

// Different dashes beside different colours, for those who do not tell the colours apart.
const DASHES = ['0', '6 3', '2 3', '8 3 2 3'];

export interface RunPlotChartProps {
  series: readonly PlotSeries[];
  xLabel: string;
  yLabel: string;
  height: number;
}

/** The drawing itself; recharts is heavy, so only `RunPlot` loads this file, when a plot is wanted. */
export default function RunPlotChart({ series, xLabel, yLabel, height }: RunPlotChartProps) {
  const { palette } = useTheme();
  const colours = [palette.primary.main, palette.warning.main, palette.info.main, palette.error.main];
  const axis = { stroke: palette.text.secondary, fontSize: 13, tickFormatter: plotFigure } as const;
  const name = { fill: palette.text.secondary, fontSize: 13 };
  const rows = joinSeries(series);
  const lower = lowerEnd(series);
  return (
    <ResponsiveContainer width="100%" height={height}>
      <LineChart data={rows} margin={{ top: 8, right: 16, bottom: 24, left: 16 }}>
        <CartesianGrid stroke={palette.divider} vertical={false} />
        <XAxis
          {...axis}
          dataKey="x"
          type="number"
          domain={['dataMin', 'dataMax']}
          label={{ value: xLabel, position: 'insideBottom', offset: -12, ...name }}
        />
        <YAxis
          {...axis}
          width={64}
          domain={[lower, 'auto']}
          allowDataOverflow={lower === 0}
          label={{ value: yLabel, angle: -90, position: 'insideLeft', style: { textAnchor: 'middle' }, ...name }}
        />
        <Tooltip
          formatter={(value) => plotFigure(Number(value))}
          labelFormatter={(x) => `${xLabel} ${plotFigure(Number(x))}`}
          contentStyle={{ background: palette.background.paper, border: `1px solid ${palette.divider}` }}
        />
        {series.length > 1 && (
          <Legend
            verticalAlign="top"
            itemSorter={null}
            iconType="plainline"
            wrapperStyle={{ fontSize: 13, paddingBottom: 8 }}
          />
        )}
        {series.map(({ key, label }, index) => (
          <Line
            key={key}
            dataKey={key}
            name={label}
            stroke={colours[index % colours.length]}
            strokeDasharray={DASHES[index % DASHES.length]}
            strokeWidth={2}
            dot={false}
            connectNulls
            isAnimationActive={false}
          />
        ))}
      </LineChart>
    </ResponsiveContainer>
  );
}
