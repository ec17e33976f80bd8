// Takes the place of the package react-style-singleton, which puts <style> elements into the page: Plenary's content
// security policy forbids those. A constructed style sheet does the same and is allowed. Dialogs and menus use it, to
// keep the page from scrolling while they are open.
import { useEffect } from "react";

export function styleSingleton() {
  const useStyle = styleHookSingleton();
  return function Style({ styles, dynamic }) {
    useStyle(styles, dynamic);
    return null;
  };
}

export function styleHookSingleton() {
  const { add, remove } = stylesheetSingleton();
  return function useStyle(styles, dynamic) {
    useEffect(() => {
      add(styles);
      return remove;
    }, [styles && dynamic]);
  };
}

/// One style sheet for all who want the same styles at the same time; the first one's styles hold.
export function stylesheetSingleton() {
  let users = 0;
  let sheet;
  return {
    add(styles) {
      if (users === 0) {
        sheet = new CSSStyleSheet();
        sheet.replaceSync(styles);
        document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
      }
      users += 1;
    },
    remove() {
      users -= 1;
      if (users === 0) {
        document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
      }
    },
  };
}
