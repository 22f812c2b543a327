"""What the pass bufferize is made of: conversion of operations, decisions on storage, views of memory."""
