namespace SpendGuard.Cli;

/// <summary>Ends a command with a sentence on the error stream.</summary>
/// <param name="sentence">What happened, and what to do next.</param>
/// <param name="exitCode">What the process ends with.</param>
/// <param name="innerException">What it came from.</param>
internal class CommandFailedException(string sentence, int exitCode = ExitCode.Failed, Exception? innerException = null)
    : Exception(sentence, innerException)
{
    public int ExitCode { get; } = exitCode;
}
