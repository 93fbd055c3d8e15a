import { type KeyboardEvent, useEffect, useState } from 'react';
import type { MachinerySnapshot } from '#local/workspace/machinery.ts';
import { getMachinery } from './client.ts';
import { Icon } from './icon.tsx';
import { Denies, Executions, Trail } from './machinery-views.tsx';
import { moveFocus } from './sidebar.tsx';

const tabs = [
  { id: 'executions', title: 'Executions' },
  { id: 'trail', title: 'CloudTrail' },
  { id: 'denies', title: 'Deny policies' },
] as const;
type TabId = (typeof tabs)[number]['id'];

/** Asked again this often while it is in sight, ms. */
const everyMs = 1000;

const useMachinery = () => {
  const [snapshot, setSnapshot] = useState<MachinerySnapshot>();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let ended = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      if (document.visibilityState === 'visible') {
        try {
          const next = await getMachinery();
          if (!ended) setSnapshot(next);
          if (!ended) setFailed(false);
        } catch {
          if (!ended) setFailed(true);
        }
      }
      if (!ended) timer = setTimeout(ask, everyMs);
    };
    void ask();
    return () => {
      ended = true;
      clearTimeout(timer);
    };
  }, []);
  return { snapshot, failed };
};

const Shown = ({ tab, snapshot }: { tab: TabId; snapshot: MachinerySnapshot }) => {
  if (tab === 'executions') return <Executions executions={snapshot.executions} />;
  if (tab === 'trail') return <Trail events={snapshot.trail} />;
  return <Denies denies={snapshot.denies} />;
};

/** What happens under the messages: the workflows, the AWS calls, the policies that end sessions. */
export const Machinery = ({ onClose }: { onClose: () => void }) => {
  const [tab, setTab] = useState<TabId>('executions');
  const { snapshot, failed } = useMachinery();
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    moveFocus(event);
    const focused = document.activeElement?.id.replace('tab-', '');
    const next = tabs.find(({ id }) => id === focused);
    if (next) setTab(next.id);
  };
  return (
    <aside className="below" id="below" aria-label="What happens below">
      <header className="below-head">
        <h2>Below</h2>
        <button type="button" className="plain-button" aria-label="Hide what happens below" onClick={onClose}>
          <Icon name="cross" />
        </button>
      </header>
      <div className="tabs" role="tablist" aria-label="What happens below" onKeyDown={onKeyDown}>
        {tabs.map(({ id, title }) => (
          <button
            key={id}
            id={`tab-${id}`}
            type="button"
            role="tab"
            aria-selected={id === tab}
            aria-controls="below-panel"
            tabIndex={id === tab ? 0 : -1}
            onClick={() => setTab(id)}
          >
            {title}
          </button>
        ))}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div className="below-panel" id="below-panel" role="tabpanel" aria-labelledby={`tab-${tab}`} tabIndex={0}>
        {failed && <p className="below-failed">This could not be read just now. It is asked again each second.</p>}
        {snapshot ? <Shown tab={tab} snapshot={snapshot} /> : !failed && <p className="below-empty">Reading…</p>}
      </div>
    </aside>
  );
};
