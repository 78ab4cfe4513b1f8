using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using SpendGuard.Testing.Provider.Wire;

namespace SpendGuard.Testing.Provider.Calls;

/// <summary>Takes one call from arrival to the end of its answer.</summary>
internal sealed class CallHandler(SimulatedProvider provider, CallBook book, Model model, CancellationToken stopping)
{
    public async Task HandleAsync(HttpContext context, IWireFormat format)
    {
        var body = await RequestJson.ParseAsync(context.Request.Body);
        var bare = Arrival.Read(context.Request, body ?? [], book);
        try
        {
            if (body is null)
            {
                throw new RejectedRequestException(400, "We could not parse the JSON body of your request.");
            }

            var (request, input) = model.Read(bare, format);
            await provider.ArrivedAsync(request);
            var (generation, behaviour) = model.Generate(request, input, format);
            await ActAsync(context, format, generation, behaviour);
        }
        catch (RejectedRequestException rejected)
        {
            var error = format.Error(rejected.Status, rejected.Message, rejected.Param, rejected.Code);
            await SendAsync(context, bare.CallId, rejected.Status, error);
        }
    }

    private async Task ActAsync(HttpContext context, IWireFormat format, Generation generation, Behaviour behaviour)
    {
        var id = generation.Request.CallId;
        if (behaviour.Hang)
        {
            ChargeInFull(format, generation, behaviour.BillCutCalls);
            await Until(context.RequestAborted);
            context.Abort();
            return;
        }

        if (behaviour.Delay > TimeSpan.Zero)
        {
            // Not ended by the client's going: a provider that has the request works on it.
            await Task.Delay(behaviour.Delay, stopping);
        }

        if (behaviour.CutBeforeHeaders)
        {
            ChargeInFull(format, generation, behaviour.BillCutCalls);
            context.Abort();
            return;
        }

        if (behaviour.FailWithStatus is { } status)
        {
            ChargeInFull(format, generation, behaviour.BillFailures);
            if (behaviour.RetryAfter is { } wait)
            {
                context.Response.Headers.RetryAfter = ((long)wait.TotalSeconds).ToString();
            }

            var error = behaviour.FailWithBody is { } body
                ? JsonNode.Parse(body)!.AsObject()
                : format.Error(status, $"The simulated provider was told to answer {status}.", null, null);
            await SendAsync(context, id, status, error);
            return;
        }

        if (generation.Request.Stream)
        {
            await new StreamedAnswer(context, format, generation, behaviour, book, stopping).SendAsync();
            return;
        }

        var abandoned = context.RequestAborted.IsCancellationRequested && behaviour.BillOnDisconnect == BilledPart.SentSoFar;
        if (abandoned)
        {
            var usage = generation.Usage.UpTo(0, 0);
            book.Charge(id, usage, generation.Charge(usage));
            return;
        }

        // Billed before the client can see the answer, so that whoever has the answer finds it on the bill.
        ChargeInFull(format, generation, format.Billable);
        book.Update(id, call => call with { UsageSent = generation.Reported is not null });
        await SendAsync(context, id, (int)HttpStatusCode.OK, format.Answer(generation));
    }

    private void ChargeInFull(IWireFormat format, Generation generation, bool charge)
    {
        if (charge && format.Billable)
        {
            book.Charge(generation.Request.CallId, generation.Usage, generation.Charge(generation.Usage));
        }
    }

    private async Task SendAsync(HttpContext context, int id, int status, JsonObject body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.Headers["x-request-id"] = $"req_{id}";
        book.Update(id, call => call with { Status = status, Finished = !context.RequestAborted.IsCancellationRequested });
        await context.Response.WriteAsync(body.ToJsonString(), CancellationToken.None);
    }

    private async Task Until(CancellationToken clientGone)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(clientGone, stopping);
        await Task.Delay(Timeout.InfiniteTimeSpan, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
