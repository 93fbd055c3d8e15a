import type { ReactNode } from 'react';

/**
 * Drawn, not typed: not every machine has letters for these. Each says nothing to a screen reader; its button has a
 * label.
 */
const shapes = {
  pass: (
    <>
      <circle cx="12" cy="13" r="8" />
      <path d="M12 9v4l2.5 2M9.5 2h5" />
    </>
  ),
  send: <path d="M4 12 20 4l-5 16-3.5-6.5zM20 4l-8.5 9.5" />,
  cross: <path d="m6 6 12 12M18 6 6 18" />,
  menu: <path d="M4 7h16M4 12h16M4 17h16" />,
  reply: <path d="M9 7 4 12l5 5M4 12h10a6 6 0 0 1 6 6v1" />,
  warning: <path d="M12 4 2.5 20h19zM12 10v4.5M12 17.5v.01" />,
  done: <path d="m5 13 4.5 4.5L19 7" />,
  running: <circle cx="12" cy="12" r="4" fill="currentColor" />,
  layers: <path d="m12 3 9 5-9 5-9-5zM3 13l9 5 9-5" />,
} satisfies Readonly<Record<string, ReactNode>>;

export type IconName = keyof typeof shapes;

export const Icon = ({ name }: { name: IconName }) => (
  <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    {shapes[name]}
  </svg>
);
