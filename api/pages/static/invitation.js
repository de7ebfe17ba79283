/** A code that stands behind the # of a link goes into the form, and out of the address. */
const code = decodeURIComponent(location.hash.slice(1));
const field = document.getElementById("code");

if (code && field) {
  field.value = code;
  history.replaceState(null, "", location.pathname + location.search);
}
