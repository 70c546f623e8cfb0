"""Steps for pipelines that people have already: each module needs the package that it is named for, and no other."""
