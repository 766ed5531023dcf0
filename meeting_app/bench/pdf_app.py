"""The yardstick of reading: Streamlit's own viewer, started by `bench read` with a folder to read from."""

import sys
from pathlib import Path

import streamlit as st

if __name__ == "__main__":
    st.set_page_config(layout="wide")
    name = "long.pdf" if "long" in st.query_params else "short.pdf"
    st.pdf(Path(sys.argv[1]) / name, height=700)
