using System.Text.Json;

namespace SpendGuard.Sidecar.Dialects.Forms;

/// <summary>The sentence in a provider's error answer.</summary>
internal static class ProviderMessage
{
    /// <param name="answer">The answer; null when it is no JSON object.</param>
    /// <param name="status">The status of the answer.</param>
    public static string Of(JsonElement? answer, int status)
    {
        if (answer is null)
        {
            return $"The provider answered {status} without a readable body.";
        }

        var error = answer.Value.Find("error");
        return Text(error?.Find("message")) ?? Text(error) ?? Text(answer.Value.Find("message")) ?? $"The provider answered {status}.";
    }

    private static string? Text(JsonElement? value) => value?.TextOrNull();
}
