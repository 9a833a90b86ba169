import Box from '@mui/material/Box';
import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import type { RecordDetail, RecordVersion } from '@qingnang/contracts';
import { diffTexts } from '@qingnang/text';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { Diff } from '../dialogue/Diff';
import { TurnList } from '../dialogue/TurnList';
import { useMakerName } from './VersionTree';
import { treeLines, turnIn, writtenIn } from './version-tree';

interface Props {
  record: RecordDetail;
  version: RecordVersion;
}

interface AgainstProps {
  record: RecordDetail;
  value: string;
  onChange: (id: string) => void;
}

function Against({ record, value, onChange }: AgainstProps) {
  const translate = useTranslate();
  const makerName = useMakerName();
  return (
    <TextField
      select
      size="small"
      label={translate('resources.records.compare_with')}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      sx={{ minWidth: 220 }}
      slotProps={{ inputLabel: { shrink: true }, select: { displayEmpty: true } }}
    >
      <MenuItem value="">{translate('resources.records.compare_none')}</MenuItem>
      {treeLines(record.versions).map(({ version, depth }) => (
        <MenuItem key={version.id} value={version.id}>
          {'　'.repeat(depth)}
          {version.id === record.importVersionId
            ? translate('resources.records.original')
            : `${translate(`resources.records.kinds.${version.kind}`)} · ${makerName(version)}`}
        </MenuItem>
      ))}
    </TextField>
  );
}

/** One version's dialogue, beside any other as a difference; under each turn, who wrote its words. */
export function VersionText({ record, version }: Props) {
  const translate = useTranslate();
  const makerName = useMakerName();
  const [againstId, setAgainst] = useState(record.importVersionId);
  const against = record.versions.find(({ id }) => id === againstId && id !== version.id);
  const turns = version.turns;
  if (!turns) return <Typography sx={{ color: 'text.secondary' }}>{translate('resources.records.erased')}</Typography>;
  return (
    <Box sx={{ display: 'grid', gap: 2 }}>
      <Box>
        <Against record={record} value={againstId} onChange={setAgainst} />
      </Box>
      <TurnList
        turns={turns}
        renderText={(_, index) => {
          const turn = turns[index]!;
          const before = turnIn(against, turn.n);
          const from = writtenIn(record.versions, version, turn.n);
          return (
            <>
              {against ? <Diff segments={diffTexts(before?.text ?? '', turn.text)} /> : turn.text}
              <Typography component="div" variant="caption" sx={{ color: 'text.secondary' }}>
                {translate('resources.records.written_by', { who: makerName(from) })}
                {from.id !== version.id && ` · ${translate(`resources.records.kinds.${from.kind}`)}`}
              </Typography>
            </>
          );
        }}
      />
    </Box>
  );
}
