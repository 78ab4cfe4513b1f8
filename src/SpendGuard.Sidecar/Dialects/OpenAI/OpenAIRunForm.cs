using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Dialects.Forms;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects.OpenAI;

/// <summary>OpenAI's answers on the run routes: as they are, but whatever error the provider gives is a 502 with its message.</summary>
internal sealed class OpenAIRunForm : IAnswerForm
{
    public static OpenAIRunForm Instance { get; } = new();

    public bool IsNative => false;

    public (int Status, ReadOnlyMemory<byte> Body) Shape(Call call, int status, ReadOnlyMemory<byte> body, Settlement settlement)
    {
        if (status is >= 200 and < 300)
        {
            return (status, body);
        }

        using var answer = AnswerJson.TryParseObject(body.Span);
        var message = ProviderMessage.Of(answer?.RootElement, status);
        return (StatusCodes.Status502BadGateway, OpenAIErrors.Refuse(new Refusal(StatusCodes.Status502BadGateway, message) { IsProviders = true }));
    }
}
