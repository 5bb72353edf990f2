/**
 * Returns the value that has a rank in order, from 0, and puts smaller ones before it and larger ones after it: what of many values is
 * wanted is mostly a few ranks, and sorting all of them takes many times as long.
 *
 * @param values are reordered
 */
export function selectRank(values: Float64Array, rank: number): number {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const pivot = values[(low + high) >>> 1] ?? NaN;
    let [left, right] = [low, high];
    while (left <= right) {
      while ((values[left] ?? NaN) < pivot) left += 1;
      while ((values[right] ?? NaN) > pivot) right -= 1;
      if (left > right) break;
      [values[left], values[right]] = [values[right] ?? NaN, values[left] ?? NaN];
      left += 1;
      right -= 1;
    }
    if (rank <= right) high = right;
    else if (rank >= left) low = left;
    else break;
  }
  return values[rank] ?? NaN;
}
