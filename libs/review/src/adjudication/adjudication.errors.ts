import { DomainError } from '@qingnang/kernel';

export const noDoctors = (): DomainError =>
  new DomainError({
    code: 'adjudication.no_doctors',
    status: 409,
    detail: 'No doctor works in this project. Invite one, or decide yourself.',
  });

export const notADoctor = (): DomainError =>
  new DomainError({
    code: 'adjudication.not_a_doctor',
    status: 422,
    field: 'doctorId',
    detail: 'This person is no doctor of this project; choose one of its doctors, or nobody by name.',
  });

export const notAnswered = (): DomainError =>
  new DomainError({
    code: 'adjudication.not_its_answer',
    status: 422,
    field: 'answerIds',
    detail: 'One of the answers named is not the newest of this task; read it again.',
  });

export const setClosed = (): DomainError =>
  new DomainError({
    code: 'adjudication.set_closed',
    status: 409,
    detail: 'Its task set is closed, so nobody could take it up again. Open the set first, or decide here.',
  });

export const inHand = (): DomainError =>
  new DomainError({
    code: 'adjudication.in_hand',
    status: 409,
    detail: 'Somebody has it in hand just now. Wait until they hand it in or their time runs out.',
  });

export const notWaiting = (): DomainError =>
  new DomainError({
    code: 'adjudication.not_waiting',
    status: 409,
    detail: 'Nobody has to decide on it any more; read it again.',
  });

export const reasonMissing = (): DomainError =>
  new DomainError({
    code: 'answer.reason_missing',
    status: 422,
    field: 'reasonCode',
    detail: 'Say why the record cannot be used; choose one of the reasons.',
  });

export const baseUnknown = (): DomainError =>
  new DomainError({
    code: 'adjudication.unknown_base',
    status: 422,
    field: 'baseVersionId',
    detail: 'These words are none that were shown or handed in for this task; choose one of its answers.',
  });

/** Taken back only until others went on from it. */
export const undoUsed = (): DomainError =>
  new DomainError({
    code: 'adjudication.used',
    status: 409,
    detail: 'Others have gone on from this decision, so it cannot be taken back any more.',
  });
