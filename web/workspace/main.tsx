import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import './style/base.css';
import './style/frame.css';
import './style/message.css';
import './style/thread.css';
import './style/form.css';
import './style/below.css';

const root = document.querySelector('#page');
if (root) createRoot(root).render(<App />);
