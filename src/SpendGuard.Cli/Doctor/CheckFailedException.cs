namespace SpendGuard.Cli.Doctor;

/// <summary>A check has found a fault.</summary>
internal sealed class CheckFailedException(string sentence, string remedy) : Exception(sentence)
{
    public string Remedy { get; } = remedy;
}
