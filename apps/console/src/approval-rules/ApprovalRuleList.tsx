import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { type ApprovalRule, ruleState } from '@qingnang/contracts';
import { DataTable, SelectInput, useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { Count } from '../components/Count';
import { When } from '../components/When';
import { Listing } from '../listing/Listing';
import { useMayDo } from '../session/useMayDo';
import { shareWords } from './share-words';

/** Rules by which texts were approved on a sample, and those whose sample is being read. */
export default function ApprovalRuleList() {
  const translate = useTranslate();
  const may = useMayDo();
  const say = (key: string) => translate(`resources.approval-rules.${key}`);
  const stateOf = (rule: ApprovalRule) => say(`states.${rule.state}`);
  const create = may('approval-rules', 'create') && (
    <Button variant="contained" component={Link} to="/approval-rules/create">
      {say('create')}
    </Button>
  );
  return (
    <Listing
      lead={say('lead')}
      actions={create}
      emptyText={say('empty')}
      emptyAction={create}
      card={(row) => {
        const rule = row as ApprovalRule;
        return (
          <Box
            component={Link}
            to={`/approval-rules/${rule.id}/show`}
            sx={{ color: 'inherit', textDecoration: 'none' }}
          >
            <Typography sx={{ overflowWrap: 'anywhere' }}>{rule.name}</Typography>
            <Typography variant="body2" component="div" sx={{ color: 'text.secondary' }}>
              {stateOf(rule)} · {say('fields.bar')} {shareWords(rule.bar)} · <When at={rule.createdAt} />
            </Typography>
          </Box>
        );
      }}
      filters={[
        <SelectInput
          key="state"
          source="state"
          alwaysOn
          choices={ruleState.options.map((id) => ({ id, name: `resources.approval-rules.states.${id}` }))}
        />,
      ]}
    >
      <DataTable<ApprovalRule> rowClick="show" bulkActionButtons={false}>
        <DataTable.Col source="name" disableSort sx={{ overflowWrap: 'anywhere' }} />
        <DataTable.Col source="state" disableSort render={stateOf} />
        <DataTable.Col source="bar" disableSort align="right" render={(rule: ApprovalRule) => shareWords(rule.bar)} />
        {(['population', 'drawn'] as const).map((name) => (
          <DataTable.Col
            key={name}
            source={name}
            disableSort
            align="right"
            render={(rule: ApprovalRule) => (rule[name] === null ? '…' : <Count value={rule[name]} />)}
          />
        ))}
        <DataTable.Col source="createdBy" disableSort />
        <DataTable.Col source="createdAt" render={(rule: ApprovalRule) => <When at={rule.createdAt} />} />
      </DataTable>
    </Listing>
  );
}
