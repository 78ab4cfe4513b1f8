using System.Text.Json;

namespace SpendGuard.Cli.Connection;

/// <summary>The sidecar refused, and said why.</summary>
internal sealed class HttpFailureException(int status, string detail) : CommandFailedException($"HTTP {status}: {detail}")
{
    public int Status { get; } = status;

    public string Detail { get; } = detail;

    /// <param name="status">The status of the answer.</param>
    /// <param name="reason">What the status is called, for an answer that says nothing.</param>
    /// <param name="body">The answer.</param>
    public static HttpFailureException Of(int status, string? reason, string body) => new(status, Sentence(body) ?? reason ?? "No reason was given.");

    private static string? Sentence(string body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("detail", out var detail)
                ? detail.ValueKind == JsonValueKind.String ? detail.GetString() : detail.GetRawText()
                : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Something before the sidecar has answered; its page is nothing for a terminal.
            return null;
        }
    }
}
