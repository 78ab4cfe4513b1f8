using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Calls.Relay;

/// <summary>An answer that comes as a whole, or what stands for one that did not come. The client gets none of it before the call has ended.</summary>
internal sealed class WholeAnswer
{
    private readonly int _status;
    private readonly ReadOnlyMemory<byte> _body;
    private readonly string? _missing;

    private WholeAnswer(int status, ReadOnlyMemory<byte> body, ProviderReport report) => (_status, _body, Report) = (status, body, report);

    private WholeAnswer(string missing, ProviderReport report) => (_missing, Report) = (missing, report);

    /// <summary>What it says of the call's cost.</summary>
    public ProviderReport Report { get; }

    /// <summary>Stands for an answer that did not come. Only a connection that was never made is known to have cost nothing.</summary>
    public static WholeAnswer None(Call call, Exception exception) => new(
        $"No answer came from {call.Provider}.", ProviderReport.Failed(exception, $"no readable answer came from {call.Provider}"));

    /// <summary>Reads an answer to its end.</summary>
    public static async Task<WholeAnswer> ReadAsync(Call call, HttpResponseMessage response, int maxBytes, CancellationToken upstream)
    {
        var status = (int)response.StatusCode;
        var (body, isWhole) = await AnswerBody.ReadAsync(response.Content, maxBytes, upstream);
        if (!isWhole)
        {
            return new WholeAnswer($"The answer of {call.Provider} broke off.", ReportOfPart(call, body));
        }

        if (!response.IsSuccessStatusCode)
        {
            return new WholeAnswer(status, body, ReportOfError(call, status, body));
        }

        call.Capture?.Add(body);
        return new WholeAnswer(status, body, ReportOf(call, body));
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
            return RefusalWriter.WriteAsync(context, new Refusal(StatusCodes.Status502BadGateway, _missing), call.Dialect);
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

        if (!form.IsNative || response.ContentLength is not null)
        {
            response.ContentLength = body.Length;
        }

        return response.Body.WriteAsync(body, CancellationToken.None).AsTask();
    }

    /// <summary>What an error says of the call's cost. Should it tell a usage all the same, that is known of it.</summary>
    private static ProviderReport ReportOfError(Call call, int status, byte[] body)
    {
        var error = call.Route.Provider.Vendor.ReportError(status, body);
        var told = ReportOf(call, body);
        return error with
        {
            Usage = told.Usage,
            StatedCost = told.StatedCost,
            LeastCost = told.LeastCost,
            Model = told.Model,
            ServiceTier = told.ServiceTier,
            Incomplete = error.Reason ?? told.Incomplete,
        };
    }

    /// <summary>What the beginning of an answer says: what comes after it could make that more.</summary>
    private static ProviderReport ReportOfPart(Call call, byte[] body)
    {
        const string BrokeOff = "the provider's answer broke off";
        var told = ReportOf(call, CutJson.Close(body));
        return told with
        {
            StatedCost = null,
            LeastCost = told.StatedCost ?? told.LeastCost,
            Incomplete = told.Incomplete ?? BrokeOff,
            Unbilled = false,
            Overloaded = false,
            Reason = BrokeOff,
        };
    }

    /// <summary>What an answer says of its cost; nothing when it cannot be read.</summary>
    internal static ProviderReport ReportOf(Call call, byte[] body)
    {
        try
        {
            using var answer = JsonDocument.Parse(body);
            if (JsonText.HasReadableNames(answer))
            {
                return call.Dialect.ReadAnswer(call, answer.RootElement);
            }
        }
        catch (JsonException)
        {
            // Nor is what has no readable JSON in it an answer that tells its cost.
        }

        return new ProviderReport();
    }
}
