export const sittingZh = {
  name: '做任务',
  saved: '已保存 %{time}',
  on_device: '在本机，还没送出（%{n}）',
  in_memory: '本机存不下，还没送出（%{n}）',
  lost_because: {
    taken: '这条超过了时间，已经分给别人。',
    released: '这条超过了时间，已经回到队列。',
    answered: '这条已经有了答案。',
    base_changed: '这条的内容刚有变动。',
    record_held_back: '这条记录刚被搁置，不用做了。',
  },
  lost_kept: '您写的文字已存为草稿，再分到这条时会还给您。',
  go_on: '接着做',
  still_here: '您写的文字还在，可以再试一次。',
};
