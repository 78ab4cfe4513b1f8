using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Sidecar.Dialects.Tables.Signed;

/// <summary>The sidecar did not start, because there are no request tables that may be used. Says why, and what to do.</summary>
[Experimental("SPENDGUARD002")]
public sealed class RequestTablesUnavailableException : Exception
{
    internal RequestTablesUnavailableException(string sentence, string source, Exception innerException)
        : base(sentence, innerException)
    {
        TableSource = source;
    }

    /// <summary>Where the tables should have come from.</summary>
    public string TableSource { get; }
}
