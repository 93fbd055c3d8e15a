import { Icon } from './icon.tsx';

/** The first letter on a colour of its own. The name stands beside it, so it says nothing to a screen reader. */
export const Avatar = ({ name, kind, small }: { name: string; kind: string; small?: boolean }) => (
  <span
    aria-hidden="true"
    className={`avatar avatar-${kind} ${small ? 'avatar-small' : ''} avatar-${name.toLowerCase()}`}
  >
    {kind === 'app' ? <Icon name="pass" /> : name.slice(0, 1)}
  </span>
);
