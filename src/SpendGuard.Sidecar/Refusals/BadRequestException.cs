namespace SpendGuard.Sidecar.Refusals;

/// <summary>A request that is answered with a 4xx and a sentence, before anything is held or sent.</summary>
internal sealed class BadRequestException(string sentence, int status = StatusCodes.Status400BadRequest) : Exception(sentence)
{
    public int Status { get; } = status;

    /// <summary>The whole sentence, where the one that was fixed tells less.</summary>
    public string? Told { get; init; }

    /// <summary>What the provider itself calls this error, where its client acts on the name.</summary>
    public string? Code { get; init; }
}
