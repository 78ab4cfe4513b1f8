using System.Buffers;
using System.Text.Json;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects.Forms;

/// <summary>The form of answers on the run routes: the text, what was counted, and, where the provider failed, a 502 with its message.</summary>
internal abstract class RunForm : IAnswerForm
{
    public bool IsNative => false;

    public (int Status, ReadOnlyMemory<byte> Body) Shape(Call call, int status, ReadOnlyMemory<byte> body, Settlement settlement)
    {
        using var answer = AnswerJson.TryParseObject(body.Span);
        return answer is null || status is < 200 or >= 300
            ? Failed(call.Dialect, ProviderMessage.Of(answer?.RootElement, status))
            : (StatusCodes.Status200OK, Write(call, answer.RootElement, settlement));
    }

    /// <summary>Writes the fields of the answer.</summary>
    protected abstract void Write(Utf8JsonWriter writer, Call call, JsonElement answer, Settlement settlement);

    /// <summary>What the bill counts; null where the provider did not say, or not all of it, and the call was forfeited.</summary>
    protected static void WriteUsage(Utf8JsonWriter writer, Settlement settlement)
    {
        writer.WriteStartObject("usage");
        writer.WriteCount("tokens_in", settlement.Bill?.Usage.TotalInput);
        writer.WriteCount("tokens_out", settlement.Bill?.Usage.TotalOutput);
        writer.WriteEndObject();
    }

    private ReadOnlyMemory<byte> Write(Call call, JsonElement answer, Settlement settlement)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            Write(writer, call, answer, settlement);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static (int Status, ReadOnlyMemory<byte> Body) Failed(IDialect dialect, string message) =>
        (StatusCodes.Status502BadGateway, dialect.Refuse(new Refusal(StatusCodes.Status502BadGateway, message) { IsProviders = true }));
}
