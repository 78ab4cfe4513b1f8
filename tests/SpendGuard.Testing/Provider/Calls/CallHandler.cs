using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using SpendGuard.Testing.Provider.Counting;
using SpendGuard.Testing.Provider.Wire;

namespace SpendGuard.Testing.Provider.Calls;

/// <summary>Takes one call from arrival to the end of its answer.</summary>
internal sealed class CallHandler(SimulatedProvider provider, CallBook book, ProviderPriceTable prices, CancellationToken stopping)
{
    private static readonly string[] CapNames = ["max_completion_tokens", "max_tokens", "max_output_tokens"];

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

            var request = format.Read(bare) with { Format = format };
            var input = format.CountInput(request.Body, CountingRules.Usual);
            book.Describe(request, input.Tokens);
            await provider.ArrivedAsync(request);
            var behaviour = provider.BehaviourFor(request);
            input = input.With(behaviour.NewFields, request.Body, CountingRules.Usual);
            request = WithKnownCap(request, behaviour);
            var model = behaviour.ServedModel ?? request.Model;
            var price = prices.Find(model) ?? throw UnknownModel(model);
            if (behaviour.UseTheMost)
            {
                behaviour = behaviour with
                {
                    FixedUsage = WorstBill.Usage(request, format, price, behaviour.NewFields),
                    ServedTiers = WorstBill.NamesTier(request.Body) ? WorstBill.AskedTiers(request.Body) : behaviour.ServedTiers,
                    Reply = behaviour.Reply ?? (_ => SimulatedReply.Say("All right")),
                };
            }

            var generation = Generator.Generate(request, input, price, behaviour, format);
            await ActAsync(context, format, generation, behaviour);
        }
        catch (RejectedRequestException rejected)
        {
            var error = format.Error(rejected.Status, rejected.Message, rejected.Param, rejected.Code);
            await SendAsync(context, bare.CallId, rejected.Status, error);
        }
    }

    private static RejectedRequestException UnknownModel(string model) =>
        new(404, $"The model `{model}` does not exist or you do not have access to it.") { Param = "model", Code = "model_not_found" };

    /// <summary>The request as it is to a provider that knows only some names of an output cap.</summary>
    private static SimulatedRequest WithKnownCap(SimulatedRequest request, Behaviour behaviour)
    {
        if (behaviour.RefusesCapsNamed.FirstOrDefault(name => request.Body[name] is not null) is { } refused)
        {
            throw new RejectedRequestException(422, $"Extra inputs are not permitted: {refused}.") { Param = refused };
        }

        return behaviour.IgnoresCapsNamed.Count == 0 ? request : request with
        {
            MaxOutputTokens = CapNames
                .Except(behaviour.IgnoresCapsNamed, StringComparer.Ordinal)
                .Select(name => request.Body.WholeNumber(name))
                .FirstOrDefault(cap => cap is not null),
        };
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
