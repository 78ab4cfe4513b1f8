using Microsoft.AspNetCore.Http;

namespace SpendGuard.AspNetCore.Agents;

/// <summary>Why it cannot be told whose call a request makes.</summary>
/// <param name="Status">The status that says so.</param>
/// <param name="Sentence">What the caller can do about it.</param>
internal sealed record MissingAgent(int Status, string Sentence)
{
    private static readonly object Key = new();

    /// <summary>Keeps it with the request, for who answers it.</summary>
    public void Leave(HttpContext context) => context.Items[Key] = this;

    public static MissingAgent? Of(HttpContext context) => context.Items.TryGetValue(Key, out var missing) ? missing as MissingAgent : null;
}
