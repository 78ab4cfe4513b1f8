using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace SpendGuard.Sidecar.Telemetry;

/// <summary>Puts a call's prompt and answer on its span, as they went over the wire. Only where the settings ask for it.</summary>
internal sealed class CallCapture
{
    private const int MostBytes = 64 * 1024;

    private readonly Activity _span;
    private readonly ArrayBufferWriter<byte> _answer = new();

    private CallCapture(Activity span) => _span = span;

    public static CallCapture? Start(TelemetrySettings settings, ReservedCall reserved, JsonElement body)
    {
        if (!settings.CapturesText || reserved.Activity is not { } span)
        {
            return null;
        }

        span.SetTag("spendguard.prompt", Text(Encoding.UTF8.GetBytes(body.GetRawText())));
        return new CallCapture(span);
    }

    /// <summary>Adds a piece of the answer.</summary>
    public void Add(ReadOnlySpan<byte> piece) => _answer.Write(piece[..Math.Min(piece.Length, MostBytes - _answer.WrittenCount)]);

    /// <summary>Puts what there is of the answer on the span, which has to be before the call ends.</summary>
    public void Write() => _span.SetTag("spendguard.answer", Text(_answer.WrittenSpan));

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, MostBytes)]);
}
