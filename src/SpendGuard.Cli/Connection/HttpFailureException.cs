using System.Text.Json;

namespace SpendGuard.Cli.Connection;

/// <summary>The sidecar refused, and said why.</summary>
/// <param name="status">The status.</param>
/// <param name="detail">The sentence that scripts know.</param>
/// <param name="told">The whole sentence, where that one is short; else null.</param>
/// <param name="code">What the sidecar calls the refusal; null where it has no name for it.</param>
internal sealed class HttpFailureException(int status, string detail, string? told = null, string? code = null)
    : CommandFailedException($"HTTP {status}: {detail}{Rest(detail, told)}")
{
    public int Status { get; } = status;

    public string Detail { get; } = detail;

    public string? Code { get; } = code;

    /// <summary>The same with what this command can do about it.</summary>
    public HttpFailureException With(string remedy) => new(Status, Detail, told is null ? remedy : $"{told} {remedy}", Code);

    /// <param name="status">The status of the answer.</param>
    /// <param name="reason">What the status is called, for an answer that says nothing.</param>
    /// <param name="body">The answer.</param>
    public static HttpFailureException Of(int status, string? reason, string body)
    {
        var (detail, told, code) = Sentences(body);
        return new HttpFailureException(status, detail ?? reason ?? "No reason was given.", told == detail ? null : told, code);
    }

    /// <summary>What the whole sentence has beside the short one that it begins with.</summary>
    private static string Rest(string detail, string? told)
    {
        var rest = told is not null && told.StartsWith(detail, StringComparison.Ordinal) ? told[detail.Length..].TrimStart(':', '.', ' ') : told;
        return rest is { Length: > 0 } ? $"\n{char.ToUpperInvariant(rest[0])}{rest[1..]}" : "";
    }

    private static (string? Detail, string? Told, string? Code) Sentences(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("detail", out var detail)
                ? (detail.ValueKind == JsonValueKind.String ? detail.GetString() : detail.GetRawText(), Text(json.RootElement, "message"), Text(json.RootElement, "code"))
                : (null, null, null);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Something before the sidecar has answered; its page is nothing for a terminal.
            return (null, null, null);
        }
    }

    private static string? Text(JsonElement body, string name) =>
        body.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
