using SpendGuard.Billing;
using SpendGuard.Sidecar.Calls.Upstream;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Calls.Relay;

/// <summary>An answer that comes as a whole, or what stands for one that did not come. The client gets none of it before the call has ended.</summary>
internal sealed class WholeAnswer
{
    private readonly int _status;
    private readonly ReadOnlyMemory<byte> _body;
    private readonly string? _missing;
    private readonly string? _told;

    private WholeAnswer(int status, ReadOnlyMemory<byte> body, ProviderReport report) => (_status, _body, Report) = (status, body, report);

    private WholeAnswer(string missing, ProviderReport report, string? told = null) => (_missing, _told, Report) = (missing, told ?? missing, report);

    /// <summary>What it says of the call's cost.</summary>
    public ProviderReport Report { get; }

    /// <summary>Stands for an answer that did not come. Only a request that was not sent is known to have cost nothing.</summary>
    public static WholeAnswer None(Call call, Exception exception) => new(
        NoAnswer.From(call.Provider),
        exception is NotSentException ? ProviderReport.NotBilled : ProviderReport.Failed(exception, call.Reserved.PausedBy is null ? $"no readable answer came from {call.Provider}" : NoAnswer.Cut),
        NoAnswer.Told(call.Provider, exception));

    /// <summary>Reads an answer to its end.</summary>
    public static async Task<WholeAnswer> ReadAsync(Call call, HttpResponseMessage response, int maxBytes, CancellationToken upstream)
    {
        var status = (int)response.StatusCode;
        var (body, isWhole) = await AnswerBody.ReadAsync(response.Content, maxBytes, upstream);
        if (!isWhole)
        {
            return new WholeAnswer($"The answer of {call.Provider} broke off.", await AnswerReport.OfPartAsync(call, body));
        }

        if (!response.IsSuccessStatusCode)
        {
            return new WholeAnswer(status, body, await AnswerReport.OfErrorAsync(call, status, body));
        }

        call.Capture?.Add(body);
        return new WholeAnswer(status, body, await AnswerReport.OfAsync(call, body));
    }

    /// <summary>Gives the client the answer, in the form of its route.</summary>
    public Task WriteAsync(HttpContext context, Call call, Settlement settlement)
    {
        var response = context.Response;
        if (_missing is not null)
        {
            response.Clear();
            CallHeaders.Write(response, settlement, call.Reserved);
            CallHeaders.ForbidRetryOfCharged(response, settlement);
            var refusal = call.Reserved.PausedBy is null
                ? new Refusal(StatusCodes.Status502BadGateway, _missing, _told!)
                : Refusal.Of(call.Reserved.CutRefusal(settlement));
            return RefusalWriter.WriteAsync(context, refusal, call.Dialect);
        }

        CallHeaders.Write(response, settlement, call.Reserved);
        var form = call.Route.Form;
        var (status, body) = form.Shape(call, _status, _body, settlement);
        if (status >= StatusCodes.Status400BadRequest)
        {
            CallHeaders.ForbidRetryOfCharged(response, settlement);
        }

        if (!form.IsNative)
        {
            response.StatusCode = status;
            response.ContentType = "application/json";
        }

        // There is no way to hand on what comes with a status that lets no body be.
        if (status is StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified)
        {
            response.ContentLength = null;
            return Task.CompletedTask;
        }

        if (!form.IsNative || response.ContentLength is not null)
        {
            response.ContentLength = body.Length;
        }

        return response.Body.WriteAsync(body, CancellationToken.None).AsTask();
    }
}
