// What the report can do beyond its text: sort and search the table of groups, read and stretch the
// pictures. Without it everything is still there. It makes no markup out of text.
'use strict';
(() => {
  const byId = (id) => document.getElementById(id);

  const make = (name, text, parent) => {
    const element = document.createElement(name);
    element.textContent = text;
    parent.append(element);
    return element;
  };

  // Figures are printed for people: the value is in data-v where the text is not the number.
  const valueOf = (cell) => parseFloat(cell.dataset.v ?? cell.textContent.replace(/[^-0-9.]/g, ''));

  function sortable(table) {
    const body = table.tBodies[0];
    const heads = [...table.tHead.rows[0].cells];
    const rows = [...body.rows];
    const collator = new Intl.Collator('en', { numeric: true });

    // Equal values and those that are missing keep the order they are in; the latter come last.
    const compare = (column, sign) => (a, b) => {
      if (column === 0) {
        return sign * collator.compare(a.key, b.key);
      }
      if (Number.isNaN(a.key) || Number.isNaN(b.key)) {
        return Number.isNaN(a.key) - Number.isNaN(b.key);
      }
      return sign * (a.key - b.key);
    };

    const sort = (column) => {
      const head = heads[column];
      const first = column === 0 ? 'ascending' : 'descending';
      const other = column === 0 ? 'descending' : 'ascending';
      const order = head.getAttribute('aria-sort') === first ? other : first;
      const keyed = rows.map((row) => ({
        row,
        key: column === 0 ? row.cells[0].textContent : valueOf(row.cells[column]),
      }));
      keyed.sort(compare(column, order === 'ascending' ? 1 : -1));
      heads.forEach((each) => each.removeAttribute('aria-sort'));
      head.setAttribute('aria-sort', order);
      body.append(...keyed.map((each) => each.row));
    };

    heads.forEach((head, column) => {
      const text = head.textContent;
      head.textContent = '';
      make('button', text, head).type = 'button';
      head.addEventListener('click', () => sort(column));
    });
    // The headings do better than the radio buttons.
    document.querySelectorAll('#order, [name="order"], [name="order"] + label')
      .forEach((each) => each.remove());
    return rows;
  }

  function searchable(rows) {
    const query = byId('query');
    const found = byId('found');
    const names = rows.map((row) => row.cells[0].textContent.toLowerCase());

    const search = () => {
      const wanted = query.value.trim().toLowerCase();
      let count = 0;
      rows.forEach((row, i) => {
        const isFound = names[i].includes(wanted);
        if (row.hidden === isFound) {
          row.hidden = !isFound;
        }
        count += isFound;
      });
      found.textContent = wanted === '' ? '' : `${count} of ${rows.length}`;
    };

    byId('find').hidden = false;
    query.addEventListener('input', search);
    search();
  }

  // A picture is stretched sideways about its plot: what is drawn by a transform, the labels of its
  // axis by their place.
  function stretchable(figure, plot) {
    const svg = figure.querySelector('svg');
    const drawn = figure.querySelector('.z');
    const axis = [...figure.querySelectorAll('.x > *')].map((element) => ({
      element,
      x: parseFloat(element.getAttribute('x') ?? element.getAttribute('x1')),
    }));
    const rows = [...figure.querySelectorAll('[data-x]')].map((row) => {
      const [from, width] = row.dataset.x.split(' ').map(Number);
      return { row, from, to: from + width };
    });
    const heads = [...figure.querySelectorAll('thead th')].map((head) => head.textContent);
    let factor = 1;
    let start = plot.left; // of the picture as printed: what stands at the left edge

    const tools = document.createElement('div');
    tools.className = 'tools';
    svg.after(tools);
    const reading = document.createElement('output');
    reading.className = 'reading';
    svg.after(reading);
    const name = figure.querySelector('figcaption').textContent;
    const tool = (text, label, act) => {
      const button = make('button', text, tools);
      button.type = 'button';
      button.title = label;
      button.setAttribute('aria-label', `${label}: ${name}`);
      button.addEventListener('click', act);
      return button;
    };

    const show = () => {
      start = Math.min(Math.max(start, plot.left), plot.left + plot.width * (1 - 1 / factor));
      drawn.setAttribute('transform', `matrix(${factor} 0 0 1 ${plot.left - start * factor} 0)`);
      axis.forEach(({ element, x }) => {
        const at = plot.left + (x - start) * factor;
        const isInside = at > plot.left - 1 && at < plot.left + plot.width + 1;
        element.setAttribute('visibility', isInside ? 'visible' : 'hidden');
        if (element.hasAttribute('x')) {
          element.setAttribute('x', at);
        } else {
          element.setAttribute('x1', at);
          element.setAttribute('x2', at);
        }
      });
      nearer.disabled = factor >= 64;
      [back, farther, on, whole].forEach((each) => { each.hidden = factor === 1; });
      back.disabled = start <= plot.left;
      on.disabled = start >= plot.left + plot.width * (1 - 1 / factor) - 0.01;
      figure.classList.toggle('large', factor > 1);
    };
    const zoom = (by, about = start + plot.width / factor / 2) => {
      const before = factor;
      factor = Math.min(Math.max(factor * by, 1), 64);
      start = about - (about - start) * before / factor;
      show();
    };
    const move = (by) => {
      start += by * plot.width / factor;
      show();
    };
    const back = tool('\u2190', 'Earlier or less', () => move(-0.5));
    const farther = tool('\u2212', 'Zoom out', () => zoom(0.5));
    const nearer = tool('+', 'Zoom in', () => zoom(2));
    const on = tool('\u2192', 'Later or more', () => move(0.5));
    const whole = tool('Whole', 'Show the whole', () => zoom(0));

    // The place in the picture as printed under a pointer.
    const placeOf = (event) => {
      const box = svg.getBoundingClientRect();
      const x = (event.clientX - box.left) / box.width * svg.viewBox.baseVal.width;
      return start + (x - plot.left) / factor;
    };
    const read = (event) => {
      const place = placeOf(event);
      const hit = rows.find(({ from, to }) => place >= from && place < to);
      const cells = hit ? [...hit.row.cells].map((cell) => cell.textContent) : [];
      reading.textContent = cells
        .map((text, i) => (i === 0 ? text : `${heads[i]} ${text}`))
        .filter((text, i) => i === 0 || !/ 0$/.test(text))
        .join(', ');
    };
    let dragged = null;
    svg.addEventListener('pointermove', (event) => {
      if (dragged !== null) {
        start += dragged - placeOf(event);
        show();
      }
      read(event);
    });
    svg.addEventListener('pointerdown', (event) => {
      if (factor > 1) {
        dragged = placeOf(event);
        svg.setPointerCapture(event.pointerId);
      }
    });
    svg.addEventListener('pointerup', () => { dragged = null; });
    svg.addEventListener('pointercancel', () => { dragged = null; });
    svg.addEventListener('pointerleave', () => { reading.textContent = ''; });
    svg.addEventListener('dblclick', (event) => zoom(2, placeOf(event)));
    show();
  }

  const table = byId('table');
  if (table) {
    searchable(sortable(table));
  }
  const clip = document.querySelector('#plot rect');
  const plot = { left: clip.x.baseVal.value, width: clip.width.baseVal.value };
  document.querySelectorAll('figure').forEach((figure) => {
    if (figure.querySelector('svg')) {
      stretchable(figure, plot);
    }
  });
})();
