import type { ConfirmationDialog } from '@slack/types';
import { useId } from 'react';
import { Dialog } from './dialog.tsx';
import { withEmoji } from './emoji.ts';
import { Mrkdwn } from './mrkdwn-text.tsx';

/** Asks before something is done. The safe answer has the focus. */
export const Confirm = (props: { dialog: ConfirmationDialog; onYes: () => void; onNo: () => void }) => {
  const titleId = useId();
  const { title, text, confirm, deny, style } = props.dialog;
  return (
    <Dialog className="dialog confirm" labelledBy={titleId} onLeave={props.onNo}>
      <h2 id={titleId}>{withEmoji(title?.text ?? 'Are you sure?')}</h2>
      <div className="dialog-body">
        {text.type === 'mrkdwn' ? <Mrkdwn text={text.text} /> : <p>{withEmoji(text.text)}</p>}
      </div>
      <footer>
        <button type="button" className="button" data-first-focus onClick={props.onNo}>
          {withEmoji(deny?.text ?? 'Cancel')}
        </button>
        <button type="button" className={`button ${style === 'danger' ? 'danger' : 'primary'}`} onClick={props.onYes}>
          {withEmoji(confirm?.text ?? 'Yes')}
        </button>
      </footer>
    </Dialog>
  );
};
