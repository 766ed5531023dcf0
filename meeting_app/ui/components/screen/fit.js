// Long titles become smaller by steps until everything stands within its scene.

const STEPS = [1, 0.9, 0.8, 0.7, 0.62, 0.54, 0.48, 0.42];

/** Give a scene the largest step at which nothing is cut off, `is-full` when even the smallest does not do; whether it does then. */
export function fit(scene) {
  scene.classList.remove("is-full");
  for (const step of STEPS) {
    scene.style.setProperty("--k", String(step));
    if (fits(scene)) return true;
  }
  scene.classList.add("is-full"); // texts end in "…" rather than beyond the edge
  return fits(scene);
}

function fits(scene) {
  return scene.scrollHeight <= scene.clientHeight + 1 && scene.scrollWidth <= scene.clientWidth + 1;
}
