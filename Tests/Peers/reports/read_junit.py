"""Reads JUnit files with junitparser, as a CI server's plug-in would, and prints a line for each."""

import os
import sys

from junitparser import JUnitXml

for path in sys.argv[1:]:
    root = JUnitXml.fromfile(path)
    suites = list(root) if isinstance(root, JUnitXml) else [root]
    cases = [case for suite in suites for case in suite]
    assert cases, path
    assert all(case.name and case.classname for case in cases), path
    failures = sum(any(type(result).__name__ == "Failure" for result in case.result) for case in cases)
    errors = sum(any(type(result).__name__ == "Error" for result in case.result) for case in cases)
    assert failures == sum(suite.failures for suite in suites), path
    assert len(cases) == sum(suite.tests for suite in suites), path
    print(f"{os.path.basename(path)}: {len(cases)} tests, {failures} failures, {errors} errors")
