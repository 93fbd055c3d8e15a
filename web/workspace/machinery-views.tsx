import { roleOf } from '#core/aws-role.ts';
import type { DenyView, ExecutionView, TrailView } from '#local/workspace/machinery.ts';
import { Icon, type IconName } from './icon.tsx';
import { clockTimeWithSeconds, fullTime } from './time.ts';

const At = ({ iso }: { iso: string }) => {
  const date = new Date(iso);
  return (
    <time dateTime={iso} title={fullTime(date)}>
      {clockTimeWithSeconds(date)}
    </time>
  );
};

const Empty = ({ title, children }: { title: string; children: string }) => (
  <div className="below-empty">
    <strong>{title}</strong>
    <p>{children}</p>
  </div>
);

const statuses: Readonly<Record<ExecutionView['status'], { words: string; icon: IconName }>> = {
  RUNNING: { words: 'Running', icon: 'running' },
  SUCCEEDED: { words: 'Succeeded', icon: 'done' },
  FAILED: { words: 'Failed', icon: 'cross' },
  TIMED_OUT: { words: 'Timed out', icon: 'cross' },
  ABORTED: { words: 'Aborted', icon: 'cross' },
};

/** A state may be entered again; it is in the one that was entered last. */
const currentIndexOf = ({ states, currentState }: ExecutionView): number =>
  states.findLastIndex(({ name }) => name === currentState);

const Execution = ({ execution }: { execution: ExecutionView }) => (
  <article className="execution">
    <header>
      <strong>{execution.machine}</strong>
      <span className={`pill pill-${execution.status.toLowerCase()}`}>
        <Icon name={statuses[execution.status].icon} /> {statuses[execution.status].words}
      </span>
    </header>
    <p className="execution-name">
      <code>{execution.name}</code>
      <At iso={execution.startedAt} />
    </p>
    <ol className="states" aria-label="States entered">
      {execution.states.map(({ name, enteredAt }, index) => (
        <li
          key={`${name}/${enteredAt}`}
          className={index === currentIndexOf(execution) ? 'state current' : 'state'}
          title={fullTime(new Date(enteredAt))}
        >
          {name}
        </li>
      ))}
    </ol>
  </article>
);

export const Executions = ({ executions }: { executions: readonly ExecutionView[] }) =>
  executions.length === 0 ? (
    <Empty title="No executions yet">
      Ask for access with /access: each request is one execution of a state machine.
    </Empty>
  ) : (
    executions.map((execution) => <Execution key={`${execution.machine}/${execution.name}`} execution={execution} />)
  );

export const Trail = ({ events }: { events: readonly TrailView[] }) =>
  events.length === 0 ? (
    <Empty title="No events yet">Every call to the AWS endpoint is recorded here, also those that were refused.</Empty>
  ) : (
    <ol className="trail">
      {events.map((event) => (
        <li key={event.eventId} className={event.errorCode ? 'event refused' : 'event'}>
          <div className="event-line">
            <strong>{event.eventName}</strong>
            {event.errorCode && (
              <span className="pill pill-failed">
                <Icon name="cross" /> {event.errorCode}
              </span>
            )}
            <At iso={event.eventTime} />
          </div>
          <div className="event-detail">
            {event.who}
            {event.target && <> → {event.target}</>} <span className="account">{event.account}</span>
          </div>
        </li>
      ))}
    </ol>
  );

const Deny = ({ deny }: { deny: DenyView }) => {
  const { accountId, roleName } = roleOf(deny.roleArn);
  const revoked = deny.revokedGrants.length;
  return (
    <article className="deny">
      <header>
        <strong>{roleName}</strong>
        <span className="account">{accountId}</span>
        <span className={deny.whom === 'nobody' ? 'pill' : 'pill pill-failed'}>Denies {deny.whom}</span>
      </header>
      {revoked > 0 && (
        <ul className="grants" aria-label="Revoked grants">
          {deny.revokedGrants.map((grant) => (
            <li key={grant}>
              <code>{grant}</code>
            </li>
          ))}
        </ul>
      )}
      {deny.policy !== null && (
        <details>
          <summary>AWSRevokeOlderSessions</summary>
          <pre>{JSON.stringify(deny.policy, null, 2)}</pre>
        </details>
      )}
    </article>
  );
};

export const Denies = ({ denies }: { denies: readonly DenyView[] }) =>
  denies.length === 0 ? (
    <Empty title="No roles to watch">
      Roles that access is lent through appear here with the policy that ends their sessions.
    </Empty>
  ) : (
    denies.map((deny) => <Deny key={deny.roleArn} deny={deny} />)
  );
