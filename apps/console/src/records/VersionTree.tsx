import Box from '@mui/material/Box';
import ButtonBase from '@mui/material/ButtonBase';
import Typography from '@mui/material/Typography';
import type { RecordDetail, RecordVersion } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { When } from '../components/When';
import { treeLines } from './version-tree';

interface Props {
  record: RecordDetail;
  selectedId: string;
  onSelect: (version: RecordVersion) => void;
}

/** Who made it, when only a kind is known. */
export function useMakerName(): (version: RecordVersion) => string {
  const translate = useTranslate();
  return ({ madeBy, model }) =>
    model ??
    (madeBy.name === madeBy.kind
      ? translate(`resources.records.makers.${madeBy.kind}`, { _: madeBy.kind })
      : madeBy.name);
}

/** The tree a record's text grew: each version under the one it was made from. */
export function VersionTree({ record, selectedId, onSelect }: Props) {
  const translate = useTranslate();
  const makerName = useMakerName();
  return (
    <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0 }}>
      {treeLines(record.versions).map(({ version, depth }) => {
        const selected = version.id === selectedId;
        return (
          <Box
            component="li"
            key={version.id}
            sx={{ ml: depth * 2, borderLeft: depth > 0 ? 1 : 0, borderColor: 'divider' }}
          >
            <ButtonBase
              onClick={() => onSelect(version)}
              aria-current={selected}
              sx={{
                display: 'block',
                width: '100%',
                textAlign: 'left',
                px: 1.5,
                py: 0.75,
                font: 'inherit',
                borderRadius: 1,
                bgcolor: selected ? 'action.selected' : 'transparent',
                '&:hover': { bgcolor: 'action.hover' },
              }}
            >
              <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap', alignItems: 'baseline' }}>
                <Box component="span" sx={{ fontWeight: selected ? 600 : 500 }}>
                  {translate(`resources.records.kinds.${version.kind}`)}
                </Box>
                {version.id === record.approvedVersionId && (
                  <Box component="span" sx={{ color: 'primary.main' }}>
                    ✓ {translate('resources.records.states.approved')}
                  </Box>
                )}
                {version.rehearsal && (
                  <Box component="span" sx={{ color: 'warning.main', fontSize: '0.8125rem' }}>
                    {translate('piece.rehearsal')}
                  </Box>
                )}
              </Box>
              <Typography variant="caption" component="div" sx={{ color: 'text.secondary' }}>
                {makerName(version)} · <When at={version.createdAt} />
              </Typography>
            </ButtonBase>
          </Box>
        );
      })}
    </Box>
  );
}
