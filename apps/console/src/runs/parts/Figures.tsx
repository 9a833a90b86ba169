import Box from '@mui/material/Box';
import { useTranslate } from 'react-admin';
import { Section } from '../../components/Section';
import { plotFigure } from '../../plot/plot-series';

/** The figures a run ended with. */
export function Figures({ figures }: { figures: Record<string, number> }) {
  const translate = useTranslate();
  const rows = Object.entries(figures);
  if (rows.length === 0) return null;
  return (
    <Section title={translate('resources.runs.figures')}>
      <Box
        component="dl"
        sx={{
          display: 'grid',
          gridTemplateColumns: 'repeat(auto-fill, minmax(20em, 1fr))',
          columnGap: 6,
          rowGap: 1,
          m: 0,
        }}
      >
        {rows.map(([key, value]) => (
          <Box key={key} sx={{ display: 'flex', justifyContent: 'space-between', gap: 2 }}>
            <Box component="dt" sx={{ color: 'text.secondary' }}>
              {translate(`metrics.${key.replaceAll('/', '_')}`, { _: key })}
            </Box>
            <Box component="dd" sx={{ m: 0, fontVariantNumeric: 'tabular-nums' }}>
              {plotFigure(value)}
            </Box>
          </Box>
        ))}
      </Box>
    </Section>
  );
}
