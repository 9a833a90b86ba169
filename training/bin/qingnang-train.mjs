#!/usr/bin/env node
import '../../dist/training/cli.js';
