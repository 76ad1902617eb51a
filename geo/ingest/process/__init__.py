"""Process: the whole reading of one upload in a child process with limited memory, time and output,
and without other files and the network where the system can take them away.

In: the path of an uploaded file and the answers given so far. Out: a ReadResult, or RejectedUpload with the problems
and the questions that a person can answer.
"""
