import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import { joinSeries, plotFigure, type PlotSeries } from './plot-series';

interface Props {
  series: readonly PlotSeries[];
  xLabel: string;
  height: number;
}

/** The figures behind a plot. */
export function PlotTable({ series, xLabel, height }: Props) {
  return (
    <TableContainer sx={{ maxHeight: height }} tabIndex={0}>
      <Table size="small" stickyHeader>
        <TableHead>
          <TableRow>
            <TableCell>{xLabel}</TableCell>
            {series.map(({ key, label }) => (
              <TableCell key={key} align="right">
                {label}
              </TableCell>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {joinSeries(series).map((row) => (
            <TableRow key={row.x}>
              <TableCell>{plotFigure(row.x)}</TableCell>
              {series.map(({ key }) => (
                <TableCell key={key} align="right">
                  {row[key] === undefined ? '' : plotFigure(row[key])}
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </TableContainer>
  );
}
