/**
 * Running sums for a stacked chart. Layer 0 is the lowest; the last row equals the whole.
 * Layers may differ in length: what is missing counts as zero.
 */
export function stacked(layers: readonly (readonly number[])[]): number[][] {
  const length = Math.max(0, ...layers.map((layer) => layer.length));
  const below = new Array<number>(length).fill(0);
  return layers.map((layer) =>
    below.map((sum, i) => {
      const top = sum + (layer[i] ?? 0);
      below[i] = top;
      return top;
    }),
  );
}
