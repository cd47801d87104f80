import { type Line, span } from './line.ts';
import { safe } from './safe.ts';
import { type Drawn, fill, type Scene } from './scene.ts';
import { current, type ScreenName } from './state.ts';
import { callsView } from './view-calls.ts';
import { detailView } from './view-detail.ts';
import { faultsView } from './view-faults.ts';
import { footerLines } from './view-footer.ts';
import { headerLine, noticeLines } from './view-header.ts';
import { helpView } from './view-help.ts';
import { overviewView } from './view-overview.ts';
import { summaryLine } from './view-tiles.ts';

/** Below this there is one line of figures only. */
const SMALLEST: { readonly columns: number; readonly rows: number } = {
  columns: 60,
  rows: 15,
};

const VIEWS: Readonly<Record<ScreenName, (scene: Scene, height: number) => Drawn>> = {
  overview: overviewView,
  calls: callsView,
  faults: faultsView,
  detail: detailView,
  help: helpView,
};

/** For a terminal that is too small: the figures still, and what is missing. */
function tiny({ picture, columns, rows, glyphs }: Scene): Drawn {
  const wish = safe` full view needs ${SMALLEST.columns}x${SMALLEST.rows}, have ${columns}x${rows}`;
  const lines: Line[] = [summaryLine(picture.health, columns, glyphs), [span(wish)]];
  return { lines: fill(lines, rows), page: 1, length: 1 };
}

/** The whole screen: exactly `rows` lines. */
export function draw(scene: Scene): Drawn {
  const { columns, rows } = scene;
  if (columns < SMALLEST.columns || rows < SMALLEST.rows) return tiny(scene);
  const above = [headerLine(scene), ...noticeLines(scene)];
  const below = footerLines(scene);
  const height = rows - above.length - below.length;
  const drawn = VIEWS[current(scene.state).place.name](scene, height);
  return { ...drawn, lines: [...above, ...fill(drawn.lines, height), ...below] };
}
