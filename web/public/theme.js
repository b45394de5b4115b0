// Before the first paint: the colours the viewer chose here earlier, else those of the system.
try {
  const theme = localStorage.getItem('playhead.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage is off: the system's colours apply.
}
